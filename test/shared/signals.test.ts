/** Every signal of the default model: points, group and limit, and when the derived ones fire. */
import { describe, expect, it } from 'vitest'
import { DEFAULT_MODEL as model } from '../../shared/default-model.ts'
import type { VisitorEvent } from '../../shared/event.ts'
import { DAY, day, event, identify, page, read, told, track } from './given.ts'

const MINUTE = 1 / 1440
const MS = 1 / DAY
const BUYING = { url: 'https://x.example/compare/a', view: 'v' }

const rowsOf = (events: readonly VisitorEvent[], signal: string, days = 400) =>
  told(events, days).ledger.filter((row) => row.signal === signal)
/** What fired, in order, without the views themselves. */
const fired = (events: readonly VisitorEvent[], days = 400) =>
  told(events, days)
    .ledger.map(({ signal }) => signal)
    .filter((signal) => signal !== 'page_view')

type Row = readonly [signal: string, group: string, points: number, times: number, days: number | undefined]
const ROWS: readonly Row[] = [
  ['page_view', 'discover', 0.5, 6, 1],
  ['tofu_page', 'discover', 2, 3, 1],
  ['resource', 'discover', 2, 2, 1],
  ['edu_webinar', 'discover', 3, 1, 1],
  ['industry_report', 'discover', 3, 1, 1],
  ['search_tofu', 'discover', 2, 1, 1],
  ['commercial_page', 'engage', 3, 3, 1],
  ['deep_session', 'engage', 3, 1, 1],
  ['email_signup', 'engage', 6, 1, 30],
  ['coupon_signup', 'engage', 6, 1, 30],
  ['offline_contact', 'engage', 6, 1, 30],
  ['campaign_click', 'engage', 2, 1, 1],
  ['email_reply', 'engage', 2, 1, 1],
  ['mofu_page', 'evaluate', 4, 3, 1],
  ['pricing_first', 'evaluate', 6, 1, 14],
  ['comparison', 'evaluate', 8, 2, 1],
  ['buyers_guide', 'evaluate', 8, 1, 1],
  ['case_study', 'evaluate', 5, 2, 1],
  ['testimonial', 'evaluate', 5, 2, 1],
  ['content_download', 'evaluate', 5, 2, 1],
  ['faq', 'evaluate', 3, 1, 1],
  ['tech_docs', 'evaluate', 4, 1, 1],
  ['demo_video_50', 'evaluate', 6, 1, 7],
  ['demo_video_90', 'evaluate', 4, 1, 7],
  ['ondemand_demo', 'evaluate', 8, 1, 7],
  ['product_webinar', 'evaluate', 8, 1, 7],
  ['quiz_complete', 'evaluate', 6, 1, 7],
  ['chat_message', 'evaluate', 6, 1, 1],
  ['search_mofu', 'evaluate', 3, 1, 1],
  ['form_submit', 'evaluate', 5, 1, 1],
  ['pricing_repeat', 'intent', 12, 1, 3],
  ['bofu_download', 'intent', 8, 2, 1],
  ['search_bofu', 'intent', 5, 1, 1],
  ['search_transactional', 'intent', 10, 1, 1],
  ['cart_add', 'intent', 8, 1, 1],
  ['checkout_start', 'intent', 12, 1, 1],
  ['cart_abandon', 'intent', 10, 1, 7],
  ['free_sample', 'intent', 12, 1, 30],
  ['trial_start', 'intent', 30, 1, 30],
  ['product_activation', 'intent', 25, 1, 30],
  ['trial_end_reply', 'intent', 25, 1, 14],
  ['demo_request', 'intent', 45, 1, 7],
  ['callback_request', 'intent', 45, 1, 7],
  ['quote_request', 'intent', 45, 1, 7],
  ['contact_sales', 'intent', 45, 1, 7],
  ['pricing_question', 'intent', 45, 1, 7],
  ['careers', 'penalty', -10, 1, 30],
  ['unsubscribe', 'penalty', -15, 1, undefined],
]

describe.each(ROWS)('%s', (signal, group, points, times, days) => {
  it(`is worth ${points} points in ${group}`, () => {
    expect(rowsOf([track(0, signal)], signal, 0)).toMatchObject([{ group, points, applied: points }])
  })

  it(`counts ${times} × in ${days ?? 'all'} days, and again when the first is exactly so old`, () => {
    const burst = Array.from({ length: times }, (_, i) => track(i * MS, signal))
    const over = track(times * MS, signal)
    const early = track((days ?? 4000) - MS, signal)
    const onTime = track(days ?? 4001, signal)
    expect(rowsOf([...burst, over, early], signal, 4002)).toHaveLength(times)
    const again = days === undefined ? times : times + 1
    expect(rowsOf([...burst, over, early, onTime], signal, 4002)).toHaveLength(again)
  })
})

describe('the table above', () => {
  it('names every signal that gives points, but the one counted by the calendar', () => {
    const worth = Object.keys(model.signals).filter((name) => model.signals[name]!.points !== 0)
    expect(ROWS.map(([name]) => name).toSorted()).toEqual(worth.filter((name) => name !== 'return_day').toSorted())
  })

  it('leaves a row with nothing applied where the cap is reached', () => {
    const visits = [track(0, 'demo_request'), track(0, 'quote_request'), track(0, 'cart_add')]
    const rows = told(visits, 0).ledger
    expect(rows.map(({ signal, applied }) => [signal, applied])).toEqual([
      ['demo_request', 45],
      ['quote_request', 5],
      ['cart_add', 0],
    ])
  })

  it.each(['support', 'login'])('%s means nothing', (signal) => {
    expect(told([page(0, signal)], 0).ledger).toEqual([])
  })

  it.each(['spam_complaint', 'opportunity_lost'])('%s takes all intent away', (signal) => {
    const { ledger, applied, stage, raw } = told([track(0, 'demo_request'), track(14, signal)], 14)
    expect(applied[signal]).toBeCloseTo(-22.5, 9)
    expect(ledger.at(-1)).toMatchObject({ signal, group: 'intent' })
    expect(stage).toBe('awareness')
    expect(raw).toBeCloseTo(0, 9)
  })
})

describe('pricing', () => {
  it.each([
    ['twice in a session', [page(0, 'pricing'), page(20 * MINUTE, 'pricing')], ['pricing_first']],
    ['in another session', [page(0, 'pricing'), page(0.1, 'pricing')], ['pricing_first', 'pricing_repeat']],
    [
      'within the other session again, the repeat being limited',
      [page(0, 'pricing'), page(0.1, 'pricing'), page(0.11, 'pricing')],
      ['pricing_first', 'pricing_repeat'],
    ],
    ['exactly 14 days later', [page(0, 'pricing'), page(14, 'pricing')], ['pricing_first', 'pricing_first']],
    [
      'a millisecond sooner',
      [page(0, 'pricing'), page(14 - MS, 'pricing')],
      ['pricing_first', 'return_day', 'pricing_repeat'],
    ],
    ['by a bofu page', [page(0, undefined, { funnel: 'bofu' })], ['pricing_first']],
    ['by address', [page(0, undefined, { url: 'https://x.example/de/preise' })], ['pricing_first']],
    [
      'in sessions that an SDK tells apart',
      [page(0, 'pricing', { session: 'a' }), page(MINUTE, 'pricing', { session: 'b' })],
      ['pricing_first', 'pricing_repeat'],
    ],
    [
      'in one session that an SDK holds together',
      [page(0, 'pricing', { session: 'a' }), page(0.2, 'pricing', { session: 'a' })],
      ['pricing_first'],
    ],
  ] as const)('%s', (_, events, signals) => expect(fired(events)).toEqual(signals))
})

describe('another day', () => {
  const berlin = { ...model, timeZone: 'Europe/Berlin' }
  const at = (iso: string): VisitorEvent => ({ ...page(0), at: Date.parse(iso) })
  const days = (...times: readonly string[]) =>
    told(times.map(at), 400, berlin).ledger.filter(({ signal }) => signal === 'return_day').length

  it.each([
    ['an hour, over midnight', 1, ['2026-02-10T22:30:00Z', '2026-02-10T23:30:00Z']],
    ['the same day', 0, ['2026-02-10T00:10:00Z', '2026-02-10T22:50:00Z']],
    ['within the day of 23 hours', 0, ['2026-03-28T23:10:00Z', '2026-03-29T21:50:00Z']],
    ['less than a day later, past the day of 23 hours', 1, ['2026-03-28T23:10:00Z', '2026-03-29T22:05:00Z']],
    ['more than a day later, within the day of 25 hours', 0, ['2026-10-24T22:10:00Z', '2026-10-25T22:50:00Z']],
    [
      'on three days, less than a day apart',
      2,
      ['2026-02-10T10:00:00Z', '2026-02-11T20:00:00Z', '2026-02-12T09:00:00Z'],
    ],
    ['almost 14 days later', 1, ['2026-02-01T10:00:00Z', '2026-02-15T09:59:59.999Z']],
    ['14 days later', 0, ['2026-02-01T10:00:00Z', '2026-02-15T10:00:00Z']],
  ] as const)('%s: %d ×', (_, count, times) => expect(days(...times)).toBe(count))

  it('is not what others tell of them', () => {
    expect(fired([page(0), track(1, 'refund'), identify(2), track(3, 'unsubscribe')])).toEqual(['unsubscribe'])
  })
})

describe('a deep session', () => {
  const seconds = (days: number, total: number) => event(days, 'engagement', { view: 'v', seconds: total, scroll: 0 })

  it('is three minutes on pages about buying, by the totals of their views', () => {
    const visit = [page(0, undefined, BUYING), seconds(MINUTE, 100), seconds(3 * MINUTE, 179)]
    expect(fired(visit)).not.toContain('deep_session')
    expect(fired([...visit, seconds(4 * MINUTE, 180), seconds(5 * MINUTE, 400)])).toEqual([
      'comparison',
      'deep_session',
    ])
  })

  it('adds up over views of one session, not of two', () => {
    const two = (gap: number) => [
      page(0, undefined, { ...BUYING, seconds: 100 }),
      page(gap, undefined, { ...BUYING, view: 'w', seconds: 100 }),
    ]
    expect(fired(two(10 * MINUTE))).toContain('deep_session')
    expect(fired(two(40 * MINUTE))).not.toContain('deep_session')
  })

  it('is none on pages that are not about buying', () => {
    expect(fired([page(0, 'article', { view: 'v', seconds: 5 }), seconds(MINUTE, 600)])).toEqual(['tofu_page'])
  })
})

describe('an abandoned cart', () => {
  it('counts an hour after the last thing done to it, not before', () => {
    const cart = [track(0, 'cart_add'), track(30 * MINUTE, 'checkout_start')]
    expect(fired(cart, 90 * MINUTE - MS)).not.toContain('cart_abandon')
    const [row] = rowsOf(cart, 'cart_abandon', 90 * MINUTE)
    expect(row).toMatchObject({ at: day(90 * MINUTE), event: cart[1]!.id, points: 10 })
  })

  it.each(['purchase', 'won'])('is none after %s', (signal) => {
    expect(fired([track(0, 'cart_add'), track(30 * MINUTE, signal)])).not.toContain('cart_abandon')
  })

  it('is put off by what is done to it beyond the limit of points', () => {
    const cart = [track(0, 'cart_add'), track(50 * MINUTE, 'cart_add')]
    expect(rowsOf(cart, 'cart_add')).toHaveLength(1)
    expect(rowsOf(cart, 'cart_abandon')).toMatchObject([{ at: day(110 * MINUTE) }])
  })

  it('counts once in a week', () => {
    const carts = [track(0, 'cart_add'), track(2, 'cart_add'), track(8, 'cart_add')]
    expect(rowsOf(carts, 'cart_abandon')).toHaveLength(2)
  })
})

describe('an article', () => {
  const report = (days: number, seconds: number, scroll: number) =>
    event(days, 'engagement', { view: 'v', seconds, scroll })

  it.each([
    ['29 s and 49 %', report(MINUTE, 29, 49), 0],
    ['30 s', report(MINUTE, 30, 0), 1],
    ['50 %', report(MINUTE, 2, 50), 1],
  ] as const)('read for %s', (_, reading, count) => {
    const rows = rowsOf([page(0, 'article', { view: 'v' }), reading], 'tofu_page')
    expect(rows).toHaveLength(count)
    if (count) expect(rows[0]).toMatchObject({ at: reading.at, event: reading.id })
  })

  it('counts once per view, at the first report that shows enough', () => {
    const visit = [page(0, 'article', { view: 'v' }), report(MINUTE, 40, 0), report(2 * MINUTE, 90, 90)]
    expect(rowsOf(visit, 'tofu_page')).toHaveLength(1)
    expect(rowsOf([...visit, read(0.01, 'article')], 'tofu_page')).toHaveLength(2)
  })

  it('counts when its report overtook it', () => {
    expect(rowsOf([report(0, 40, 0), page(MINUTE, 'article', { view: 'v' })], 'tofu_page')).toHaveLength(1)
  })
})

describe('what an address tells', () => {
  it.each([
    ['?utm_medium=email', ['campaign_click']],
    ['?utm_medium=CPC', ['campaign_click']],
    ['?gclid=abc', ['campaign_click']],
    ['?utm_medium=social', []],
    ['?utm_term=improve+restores', ['search_tofu']],
    ['?utm_term=backup+software', ['search_mofu']],
    ['?utm_term=backup+reviews', ['search_bofu']],
    ['?utm_medium=cpc&utm_term=buy+backup#top', ['campaign_click', 'search_transactional']],
    ['?q=buy', []],
  ] as const)('%s: %j', (query, signals) => {
    expect(fired([page(0, undefined, { url: `https://x.example/${query}` })])).toEqual(signals)
  })

  it.each([
    ['careers', ['careers']],
    ['login', []],
    ['support', []],
  ])('a page of %s is no page view', (path, signals) => {
    const { ledger } = told([page(0, undefined, { url: `https://x.example/${path}` })], 0)
    expect(ledger.map(({ signal }) => signal)).toEqual(signals)
  })

  it('gives way to a tag', () => {
    const url = 'https://x.example/pricing'
    expect(fired([page(0, 'case_study', { url })])).toEqual(['case_study'])
    expect(fired([page(0, undefined, { url, funnel: 'mofu' })])).toEqual(['mofu_page'])
  })
})

describe('words', () => {
  const said = (name: string, text: string) => track(0, name, { props: { text } })

  it.each([
    ['improve', ['search_tofu']],
    ['supplier', ['search_mofu']],
    ['free trial', ['search_bofu']],
    ['order backup', ['search_transactional']],
    ['opening hours', []],
  ] as const)('searched for, %j: %j', (query, signals) => {
    expect(fired([event(0, 'search', { query })])).toEqual(signals)
  })

  it('are read in a chat and a quiz as well', () => {
    expect(fired([said('chat_message', 'is there a free trial?')])).toEqual(['chat_message', 'search_bofu'])
    expect(fired([said('quiz_complete', 'we need a new supplier')])).toEqual(['quiz_complete', 'search_mofu'])
    expect(fired([said('email_reply', 'we need a new supplier')])).toEqual(['email_reply'])
  })
})

describe('what is done on a page', () => {
  const url = 'https://x.example/a'
  const away = { url: 'https://y.example/', outbound: true }
  const form = (fields: object) => event(0, 'form', { form: 'f', step: 'submit', ...fields })
  const on = (path: string, fields: object) => [
    page(0, undefined, { url: `https://x.example/${path}`, view: 'v' }),
    event(0, 'form', { form: 'f', step: 'submit', view: 'v', ...fields }),
  ]

  it.each([
    ['a download', event(0, 'download', { url }), ['content_download']],
    ['a tofu download', event(0, 'download', { url, funnel: 'tofu' }), ['resource']],
    ['a mofu download', event(0, 'download', { url, funnel: 'mofu' }), ['content_download']],
    ['a bofu download', event(0, 'download', { url, funnel: 'bofu' }), ['bofu_download']],
    ['a tagged download', event(0, 'download', { url, funnel: 'bofu', signal: 'buyers_guide' }), ['buyers_guide']],
    [
      'a download tagged with what is no signal',
      event(0, 'download', { url, signal: 'nonsense' }),
      ['content_download'],
    ],
    ['a form', form({}), ['form_submit']],
    ['a tagged form', form({ signal: 'demo_request' }), ['demo_request']],
    ['a form begun', form({ step: 'start' }), []],
    ['a form given up', form({ step: 'abandon', signal: 'demo_request' }), []],
    ['a sign-in', form({ purpose: 'login' }), []],
    ['a search box', form({ purpose: 'search' }), []],
    ['a card form', form({ purpose: 'payment' }), []],
    ['a support form', form({ purpose: 'support' }), []],
    ['another purpose', form({ purpose: 'contact' }), ['form_submit']],
    ['half a demo video', event(0, 'media', { name: 'm', signal: 'demo_video', percent: 50 }), ['demo_video_50']],
    [
      'a demo video',
      event(0, 'media', { name: 'm', signal: 'demo_video', percent: 90 }),
      ['demo_video_50', 'demo_video_90'],
    ],
    ['less than half of it', event(0, 'media', { name: 'm', signal: 'demo_video', percent: 49 }), []],
    ['an untagged video', event(0, 'media', { name: 'm', percent: 100 }), []],
    ['a tagged link to another page', event(0, 'click', { url, signal: 'demo_request' }), []],
    ['a tagged link away', event(0, 'click', { ...away, signal: 'demo_request' }), ['demo_request']],
    ['an untagged link away', event(0, 'click', away), []],
    ['a tagged button', event(0, 'click', { signal: 'callback_request' }), ['callback_request']],
  ] as const)('%s', (_, happening, signals) => expect(fired([happening])).toEqual(signals))

  it('a form on a page for those who do not buy means what the page does', () => {
    expect(fired(on('careers', {}))).toEqual(['careers'])
    expect(fired(on('support', {}))).toEqual([])
    expect(fired(on('careers', { signal: 'demo_request' }))).toEqual(['careers', 'demo_request'])
  })
})

describe('names of events', () => {
  it.each([
    ['demo_request', 'demo_request'],
    ['article', 'tofu_page'],
    ['Product Added', 'cart_add'],
    ['product_added', 'cart_add'],
    ['Checkout Started!', 'checkout_start'],
    ['Trial Started', 'trial_start'],
    ['Signed Up', 'email_signup'],
    ['Unsubscribed', 'unsubscribe'],
    ['Ate Lunch', undefined],
    ['constructor', undefined],
    ['__proto__', undefined],
  ])('%s is %s', (name, signal) => expect(fired([track(0, name)], 0)).toEqual(signal ? [signal] : []))

  it.each([
    'won',
    'refund',
    'cancel',
    'churn',
    'opportunity_lost',
    'spam_complaint',
    'product_activation',
    'Order Refunded',
  ])('%s counts from a secret key alone', (name) => {
    const browser = told([track(0, 'demo_request', { source: 'browser' }), track(0, name, { source: 'browser' })], 0)
    expect(browser.ledger.map(({ signal }) => signal)).toEqual(['demo_request'])
    expect(browser.stage).toBe('intent')
  })
})
