/** Made-up visitors of the shape that the API answers, the same on every run. Their scores are sums of their ledgers. */
import type { TimelineItem, Visitor } from '../../shared/answer.ts'
import { ledgerOf, type Row, type Step, standing } from './fake-ledger.ts'

const DAY = 86_400_000
export interface FakePerson {
  visitor: Visitor
  rows: Row[]
  timeline: TimelineItem[]
}

/** A small generator with a seed (mulberry32), for dice that always fall the same. */
export const dice = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0
  let x = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x
  return ((x ^ (x >>> 14)) >>> 0) / 4294967296
}

const STEPS: readonly Step[] = [
  ['page_view', 'discover', 0.5, '/', 'Home'],
  ['tofu_page', 'discover', 2, '/blog/cold-storage', 'Why cold storage gets warm'],
  ['resource', 'discover', 2, '/how-to/backup-plan', 'How to write a backup plan'],
  ['commercial_page', 'engage', 3, '/product', 'The product'],
  ['return_day', 'engage', 3, '/product', 'The product'],
  ['case_study', 'evaluate', 5, '/customers/nordwind', 'How Nordwind halved its restore time'],
  ['comparison', 'evaluate', 8, '/compare', 'Compared with the others'],
  ['pricing_first', 'evaluate', 6, '/pricing', 'Pricing'],
  ['buyers_guide', 'evaluate', 8, '/guide.pdf', 'The buyers’ guide'],
  ['pricing_repeat', 'intent', 12, '/pricing', 'Pricing'],
  ['search_bofu', 'intent', 5, '/search', 'Search'],
  ['demo_request', 'intent', 45, '/demo', 'Ask for a demo'],
]
const NAMES = [
  'Ada Lindqvist',
  'Bruno Keller',
  'Chiara Romano',
  'Dev Patel',
  'Esther Okafor',
  'Farid Nazari',
  'Greta Holm',
]
const COMPANIES = ['Nordwind Logistik', 'Acme Foods', 'Blue Harbour', 'Kestrel Labs', 'Santos & Filhos', 'Quarry Bank']
const MEDIA = ['organic', 'cpc', 'email', 'referral', 'direct', 'social'] as const

const stageOf = (score: number, groups: Visitor['groups'], bought: boolean, late: boolean): Visitor['stage'] => {
  if (bought) return late ? 'relationship' : 'conversion'
  if (score >= 50 && groups.intent > 0) return 'intent'
  if (score >= 20 && groups.evaluate + groups.intent > 0) return 'evaluation'
  return score >= 8 && groups.engage + groups.evaluate + groups.intent > 0 ? 'interest' : 'awareness'
}
const FUNNEL = {
  ...{ awareness: 'tofu', interest: 'tofu', evaluation: 'mofu', intent: 'mofu' },
  ...{ conversion: 'bofu', relationship: 'bofu' },
} as const satisfies Record<Visitor['stage'], Visitor['funnel']>

/** Sales was told; another program was not to be reached. */
const handoffOf = ({ id, qualificationSince: at }: Visitor): TimelineItem => ({
  ...{ kind: 'handoff', at, id: `msg_${id}`, type: 'lead.handoff' },
  deliveries: [
    { kind: 'slack', label: 'Sales channel', state: 'delivered' },
    { kind: 'hubspot', label: '', state: 'dead' },
  ],
})

/** The rows as events with their points, and the turns of their stage. */
const timelineOf = (rows: readonly Row[], visitor: Visitor): TimelineItem[] => [
  ...(visitor.qualification === 'sql' ? [handoffOf(visitor)] : []),
  {
    ...{ kind: 'transition' as const, at: visitor.stageSince, what: 'stage' as const, from: 'awareness' },
    ...{
      to: visitor.stage,
      rule: 'score and evidence',
      event: rows[0]?.event ?? null,
      score: visitor.score,
      modelVersion: 1,
      cause: 'live' as const,
    },
  },
  ...rows.map(({ event, at, signal, group, applied, rule, url, title }) => ({
    ...{ kind: 'event' as const, at, id: event, type: signal === 'demo_request' ? 'form' : 'page', url: url ?? '' },
    ...{ title: title ?? '', topic: 'backup', seconds: 41.5, scroll: 80, points: [{ signal, group, applied, rule }] },
  })),
]

/** The n-th visitor: the higher n, the colder. */
export const makePerson = (n: number, now: number): FakePerson => {
  const roll = dice(n + 1)
  const id = Array.from({ length: 32 }, () => Math.floor(roll() * 16).toString(16)).join('')
  const steps = Array.from({ length: Math.max(1, Math.round(26 - n * 0.62)) }, (_, i) => ({
    step: STEPS[Math.floor(roll() * Math.max(1, STEPS.length - n * 0.27 - (i % 3)))]!,
    at: now - (roll() ** 2 * 20 + n * 0.05 + 0.002) * DAY,
  })).sort((a, b) => a.at - b.at)
  if (n === 33) steps.push({ step: ['careers', 'penalty', -10, '/careers', 'Careers'], at: now - DAY })
  const rows = ledgerOf(id, steps, now)
  const { score, groups, why } = standing(rows)
  const bought = n % 9 === 4
  const stage = stageOf(score, groups, bought, n % 2 === 0)
  const known = n % 3 === 0
  const email = `${NAMES[n % NAMES.length]!.toLowerCase().replace(' ', '.')}@${COMPANIES[n % 6]!.split(' ')[0]!.toLowerCase()}.example`
  const firstSeen = new Date(steps[0]!.at).toISOString()
  const lastSeen = rows[0]!.at
  const touch = { at: firstSeen, medium: MEDIA[n % 6]!, landing: 'https://example.com/blog/cold-storage' }
  const visitor: Visitor = {
    ...{ id, site: n % 7 === 3 ? 'demo' : 'default', stage, funnel: FUNNEL[stage], stageSince: lastSeen },
    ...{ furthestStage: n % 8 === 5 && !bought ? 'intent' : stage, score, groups, why },
    momentum: score < 5 ? 'unknown' : (['rising', 'steady', 'cooling'] as const)[n % 3]!,
    coolsAt: stage === 'awareness' || bought ? null : new Date(now + score * 0.3 * DAY).toISOString(),
    qualification: bought ? 'customer' : known ? (score > 50 ? 'sql' : score > 30 ? 'mql' : 'iql') : 'anonymous',
    ...{ qualificationSince: lastSeen, flags: n % 6 === 0 ? ['pql'] : [] },
    fit: known
      ? { grade: 'B', percent: 64, reasons: ['Company size 50–200: match', 'Industry unknown'] }
      : { grade: '?', percent: null, reasons: [] },
    ...{ priority: known ? 'B2' : '?3', account: known ? email.split('@')[1]! : null, owner: null },
    traits: known ? { name: NAMES[n % NAMES.length]!, email, company: COMPANIES[n % 6]! } : {},
    ...{ firstSeen, lastSeen, sessions: 1 + (n % 5), views: steps.length, engagedSeconds: 40 * steps.length },
    source: { first: touch, last: { ...touch, at: lastSeen, medium: 'email', campaign: 'autumn' } },
    topics: [{ topic: 'backup', value: 9.5 }],
    next: { content: 'Case study: Nordwind', why: 'They compare; proof moves people on from here' },
    modelVersion: 1,
  }
  return { visitor, rows, timeline: timelineOf(rows, visitor) }
}
