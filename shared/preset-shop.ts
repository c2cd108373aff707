/** A shop: decided within days, by the cart; a purchase needs no salesperson, and the browser may tell of it. */
import { presetModel } from './default-model.ts'
import type { Model } from './model.ts'
import { counts, rules } from './model-words.ts'

export const shop = (): Model => {
  const base = presetModel('short')
  const { qualification, stages } = base
  const handRaises = ['quote_request', 'callback_request']
  return {
    ...base,
    name: 'Shop',
    halfLifeDays: 5,
    momentumHalfLifeDays: 1,
    signals: {
      ...base.signals,
      cart_add: counts('intent', 12, [2, 1]),
      checkout_start: counts('intent', 20, [1, 1]),
      cart_abandon: counts('intent', 14, [1, 3]),
      wishlist_add: counts('intent', 6, [2, 1]),
      stock_alert: counts('intent', 10, [1, 7]),
      review_read: counts('evaluate', 5, [3, 1]),
      size_guide: counts('evaluate', 4, [1, 1]),
    },
    eventNames: {
      ...base.eventNames,
      'product viewed': 'commercial_page',
      'product added to wishlist': 'wishlist_add',
      'product reviewed': 'review_read',
      'coupon applied': 'coupon_signup',
      'back in stock requested': 'stock_alert',
    },
    pageRules: [
      ...rules('size-guide sizing groessentabelle guide-des-tailles', { funnel: 'mofu', signal: 'size_guide' }),
      ...rules('reviews rezensionen avis', { funnel: 'mofu', signal: 'review_read' }),
      ...rules('wishlist merkzettel', { funnel: 'bofu', signal: 'wishlist_add' }),
      ...rules('shop products p collections category', { funnel: 'mofu', signal: 'commercial_page' }),
      ...base.pageRules,
    ],
    pageSignals: { ...base.pageSignals, bofu: 'commercial_page' },
    cartAbandon: { ...base.cartAbandon, minutes: 30 },
    stages: {
      ...stages,
      floorDays: 2,
      relationshipDays: 14,
      evaluation: { ...stages.evaluation, enter: 15, leave: 7 },
      intent: { ...stages.intent, enter: 35, leave: 17, floors: [...handRaises, 'checkout_start'] },
    },
    qualification: {
      ...qualification,
      mql: {
        ...qualification.mql,
        kinds: ['email_signup', 'coupon_signup', 'cart_abandon', 'wishlist_add', 'stock_alert'],
      },
      sql: { ...qualification.sql, handRaises, byScore: false },
      pql: { ...qualification.pql, on: false },
      lapse: { ...qualification.lapse, mqlDays: 3, sqlDays: 14 },
    },
    nextContent: {
      ...base.nextContent,
      evaluation: { content: 'Reviews, sizes, delivery times', why: 'They want to be sure that it is the right one.' },
      intent: {
        content: 'A reminder of the cart, with shipping',
        why: 'Most carts are left because of a surprise at the end.',
      },
    },
  }
}
