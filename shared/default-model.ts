/** The default scoring model (SaaS and B2B, two-week memory) and its presets. */

import type { z } from 'zod'
import { DEFAULT_PAGE_RULES } from './default-page-rules.ts'
import type { Document, Model } from './model.ts'
import { parseModel } from './read-model.ts'

type Input = z.input<typeof Document>

const DAY = 1
const WEEK = 7
const MONTH = 30
const limit = (times: number, days: number) => ({ times, days })

const discover = (points: number, times: number, extra = {}) =>
  ({ group: 'discover', points, limit: limit(times, DAY), ...extra }) as const
const engage = (points: number, times: number, days = DAY) =>
  ({ group: 'engage', points, limit: limit(times, days) }) as const
const evaluate = (points: number, times: number, days = DAY) =>
  ({ group: 'evaluate', points, limit: limit(times, days) }) as const
const intent = (points: number, times: number, days = DAY) =>
  ({ group: 'intent', points, limit: limit(times, days) }) as const
const handRaise = intent(45, 1, WEEK)

const HAND_RAISES = ['demo_request', 'callback_request', 'quote_request', 'contact_sales', 'pricing_question']

const signals = {
  page_view: discover(0.5, 6),
  tofu_page: discover(2, 3, { read: true }),
  resource: discover(2, 2),
  edu_webinar: discover(3, 1),
  industry_report: discover(3, 1),
  search_tofu: discover(2, 1),

  commercial_page: engage(3, 3),
  // Once per calendar day as it is derived; a window of 24 hours would miss the evening of one and the next morning.
  return_day: { group: 'engage', points: 3 },
  deep_session: engage(3, 1),
  email_signup: engage(6, 1, MONTH),
  coupon_signup: engage(6, 1, MONTH),
  offline_contact: engage(6, 1, MONTH),
  campaign_click: engage(2, 1),
  email_reply: engage(2, 1),

  pricing: {},
  mofu_page: evaluate(4, 3),
  pricing_first: evaluate(6, 1, 2 * WEEK),
  comparison: evaluate(8, 2),
  buyers_guide: evaluate(8, 1),
  case_study: evaluate(5, 2),
  testimonial: evaluate(5, 2),
  content_download: evaluate(5, 2),
  faq: evaluate(3, 1),
  tech_docs: evaluate(4, 1),
  demo_video_50: evaluate(6, 1, WEEK),
  demo_video_90: evaluate(4, 1, WEEK),
  ondemand_demo: evaluate(8, 1, WEEK),
  product_webinar: evaluate(8, 1, WEEK),
  quiz_complete: evaluate(6, 1, WEEK),
  chat_message: evaluate(6, 1),
  search_mofu: evaluate(3, 1),
  form_submit: evaluate(5, 1),

  pricing_repeat: intent(12, 1, 3),
  bofu_download: intent(8, 2),
  search_bofu: intent(5, 1),
  search_transactional: intent(10, 1),
  cart_add: intent(8, 1),
  checkout_start: intent(12, 1),
  cart_abandon: intent(10, 1, WEEK),
  free_sample: intent(12, 1, MONTH),
  trial_start: intent(30, 1, MONTH),
  product_activation: { ...intent(25, 1, MONTH), effect: 'activation', companyOnly: true },
  trial_end_reply: intent(25, 1, 2 * WEEK),
  ...Object.fromEntries(HAND_RAISES.map((name) => [name, handRaise])),

  careers: { group: 'penalty', points: -10, limit: limit(1, MONTH), pageView: false },
  unsubscribe: { group: 'penalty', points: -15, limit: { times: 1 } },
  spam_complaint: { effect: 'reset', companyOnly: true },
  opportunity_lost: { effect: 'reset', companyOnly: true },

  login: { pageView: false },
  support: { pageView: false },

  purchase: { effect: 'customer' },
  won: { effect: 'customer', companyOnly: true },
  refund: { effect: 'refund', companyOnly: true },
  cancel: { effect: 'refund', companyOnly: true },
  churn: { effect: 'churn', companyOnly: true },
} as const

/** The names that the common tracking plans use. */
const eventNames = {
  'product added': 'cart_add',
  'checkout started': 'checkout_start',
  'order completed': 'purchase',
  'order refunded': 'refund',
  'order cancelled': 'cancel',
  'subscription cancelled': 'churn',
  'trial started': 'trial_start',
  'demo requested': 'demo_request',
  'callback requested': 'callback_request',
  'quote requested': 'quote_request',
  'contact sales': 'contact_sales',
  'signed up': 'email_signup',
  'newsletter subscribed': 'email_signup',
  'email link clicked': 'campaign_click',
  unsubscribed: 'unsubscribe',
  'email marked as spam': 'spam_complaint',
  'live chat message sent': 'chat_message',
  'quiz completed': 'quiz_complete',
}

const standard: Input = {
  name: 'Standard',
  timeZone: 'UTC',
  halfLifeDays: 14,
  momentumHalfLifeDays: 3,
  sessionGapMinutes: 30,
  caps: { discover: 10, engage: 15, evaluate: 25, intent: 50, penalty: -25 },
  signals,
  aliases: { article: 'tofu_page', product_page: 'commercial_page' },
  eventNames,
  pageRules: [...DEFAULT_PAGE_RULES],
  pageSignals: { tofu: 'tofu_page', mofu: 'mofu_page', bofu: 'pricing' },
  downloadSignals: { tofu: 'resource', mofu: 'content_download', bofu: 'bofu_download', none: 'content_download' },
  formSignal: 'form_submit',
  silentForms: ['login', 'search', 'payment', 'support'],
  reading: { seconds: 30, scroll: 50 },
  returnWithinDays: 14,
  pricing: { signal: 'pricing', first: 'pricing_first', repeat: 'pricing_repeat', withinDays: 14 },
  deepSession: { minutes: 3, signals: ['commercial_page'] },
  cartAbandon: { minutes: 60, activity: ['cart_add', 'checkout_start'], endedBy: ['purchase', 'won'] },
  campaigns: {
    media: [
      'email',
      'e-mail',
      'newsletter',
      'cpc',
      'ppc',
      'cpm',
      'paid',
      'paidsearch',
      'paid-search',
      'paid_search',
    ].concat(['paidsocial', 'paid-social', 'paid_social', 'display', 'retargeting', 'sponsored', 'ads']),
    clickIds: [
      'gclid',
      'gbraid',
      'wbraid',
      'dclid',
      'msclkid',
      'yclid',
      'li_fat_id',
      'ttclid',
      'twclid',
      'mc_eid',
      '_hsenc',
    ],
  },
  lexicons: {
    tofu: 'troubleshoot increase improve transform optimize enhance upgrade prevent update diagnose resolve'.split(' '),
    mofu: 'tool provider vendor software supplier solution appliance choose location'.split(' '),
    bofu: 'comparison compare versus vs reviews test evaluate benchmarks'
      .split(' ')
      .concat(['pros and cons', 'free trial']),
    transactional: ['buy', 'purchase', 'order'],
    brands: [],
    competitors: [],
    ambiguous: 'test update upgrade order tool location choose'.split(' '),
    support: [
      'order status',
      'track order',
      'my order',
      'reset',
      'log in',
      'login',
      'password',
      'error',
      'not working',
    ],
    textSignals: ['chat_message', 'quiz_complete'],
  },
  stages: {
    evidenceDays: 30,
    floorDays: 7,
    relationshipDays: 30,
    awareness: { funnel: 'tofu' },
    interest: { funnel: 'tofu', enter: 8, leave: 4, evidence: ['engage', 'evaluate', 'intent'], floors: [] },
    evaluation: { funnel: 'mofu', enter: 20, leave: 10, evidence: ['evaluate', 'intent'], floors: [] },
    intent: {
      funnel: 'mofu',
      enter: 50,
      leave: 25,
      evidence: ['intent'],
      floors: [...HAND_RAISES, 'checkout_start', 'trial_start'],
    },
    conversion: { funnel: 'bofu' },
    relationship: { funnel: 'bofu' },
  },
  qualification: {
    evidenceDays: 30,
    iql: { on: true },
    mql: {
      mode: 'both',
      score: 40,
      actionScore: 20,
      kinds: [
        'email_signup',
        'coupon_signup',
        'demo_video_50',
        'ondemand_demo',
        'content_download',
        'buyers_guide',
        'comparison',
        'case_study',
        'pricing_repeat',
        'cart_abandon',
        'chat_message',
        'quiz_complete',
        'trial_start',
        'form_submit',
      ],
      distinctKinds: 2,
    },
    sql: {
      preset: 'action',
      handRaises: HAND_RAISES,
      score: 75,
      distinctIntent: 2,
      pattern: { views: 5, days: 3, kinds: ['buyers_guide', 'comparison', 'case_study'], distinctKinds: 2, score: 50 },
      confirmations: ['contract_size_ok', 'need_now', 'motivation'],
    },
    pql: { on: true, trial: 'trial_start', activation: 'product_activation' },
    lapse: { score: 20, mqlDays: 7, sqlDays: 30 },
    expansion: { scoreFactor: 2 },
  },
  fit: {
    profiles: [
      {
        name: 'default',
        criteria: [
          { trait: 'companySize', weight: 25 },
          { trait: 'jobTitle', weight: 25 },
          { trait: 'industry', weight: 20 },
          { trait: 'country', weight: 10 },
          { trait: 'revenue', weight: 10 },
          { trait: 'technology', weight: 10 },
        ],
      },
    ],
    grades: { A: 75, B: 50, C: 25 },
    minKnownWeight: 40,
    freeMailPenalty: 10,
    competitorDomains: [],
    staffDomains: [],
    excludedCountries: [],
    studentWords: ['student', 'étudiant', 'estudiante', 'estudante', '学生'],
  },
  nextContent: {
    awareness: { content: 'A how-to article or an industry report', why: 'They are still naming their problem.' },
    interest: {
      content: 'A product overview or a newsletter',
      why: 'They know the problem and look at kinds of answers.',
    },
    evaluation: {
      content: 'A comparison, a case study, the buyers’ guide',
      why: 'They weigh this product against others.',
    },
    intent: { content: 'A demo, a trial, a quote', why: 'They act like buyers: make the next step easy and personal.' },
    conversion: {
      content: 'Onboarding and a welcome by name',
      why: 'They bought: the first weeks decide whether they stay.',
    },
    relationship: {
      content: 'Advanced guides and a referral offer',
      why: 'A satisfied customer buys again and tells others.',
    },
  },
}

/** Half-life in days and how many distinct kinds it takes, by the length of the sales cycle. */
const CYCLES = {
  short: { halfLifeDays: 7, kinds: 1 },
  standard: { halfLifeDays: 14, kinds: 2 },
  long: { halfLifeDays: 45, kinds: 3 },
} as const
export type Cycle = keyof typeof CYCLES

/** The default model for a sales cycle and a way to hand over: at once (`action`) or after confirmation (`strict`). */
export const presetModel = (cycle: Cycle = 'standard', preset: 'action' | 'strict' = 'action'): Model => {
  const { halfLifeDays, kinds } = CYCLES[cycle]
  const model = parseModel(standard)
  const { mql, sql } = model.qualification
  return {
    ...model,
    halfLifeDays,
    qualification: {
      ...model.qualification,
      mql: { ...mql, distinctKinds: kinds },
      sql: { ...sql, preset, distinctIntent: kinds },
    },
  }
}

export const DEFAULT_MODEL: Model = presetModel()
