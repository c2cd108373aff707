/** What the reports would say of the made-up visitors: the same on every run, larger for a longer stretch of days. */
import type { Visitor } from '../../shared/answer.ts'
import type {
  ContentReport,
  FunnelReport,
  Period,
  SignalsReport,
  SourceRow,
  SourcesReport,
  VelocityReport,
} from '../../shared/answer-reports.ts'
import type { FakePerson } from './fake-people.ts'

const DAY = 86_400_000
const STAGES = ['awareness', 'interest', 'evaluation', 'intent', 'conversion', 'relationship'] as const
const BAND = {
  awareness: 'tofu',
  interest: 'tofu',
  evaluation: 'mofu',
  intent: 'mofu',
  conversion: 'bofu',
  relationship: 'bofu',
} as const
const FUNNELS = ['tofu', 'mofu', 'bofu'] as const
/** Of a day's newcomers, how many come to each stage. */
const PART = { awareness: 41, interest: 17.4, evaluation: 7.8, intent: 2.9, conversion: 0.8, relationship: 0.5 }

const periodOf = (query: URLSearchParams): Period => ({
  from: query.get('from')!,
  to: query.get('to')!,
  site: query.get('site'),
  windowDays: 30,
  closedUntil: new Date(Date.parse(query.get('to')!) - 30 * DAY).toISOString(),
  modelVersion: 3,
})

/** In days gone by there were fewer. */
const daysOf = ({ from, to }: Period): number =>
  ((Date.parse(to) - Date.parse(from)) / DAY) * (Date.parse(to) < Date.now() - DAY ? 0.8 : 1)

const cohort = (entered: number, next: number, now: number) => {
  const closed = Math.round(entered * 0.7)
  const moved = Math.round(next * 0.66 * (entered % 2 > 1 ? 1 : 1.1))
  return { entered: Math.round(entered), closed, moved, rate: closed ? Math.min(1, moved / closed) : null, now }
}

const source = (medium: string, name: string | null, visitors: number): SourceRow => {
  const closed = Math.round(visitors * 0.7)
  const part = (share: number): number => Math.round(closed * share)
  return {
    ...{ medium, source: name, visitors, closed },
    reached: {
      ...{ interest: part(0.42), evaluation: part(0.19), intent: part(0.07), conversion: part(0.02), relationship: 0 },
      ...{ mql: part(0.09), sql: part(0.04), customer: part(0.02) },
    },
  }
}

const sourcesOf = (days: number): SourceRow[] => [
  source('organic', 'google', Math.round(days * 18)),
  source('direct', null, Math.round(days * 9)),
  source('cpc', 'google', Math.round(days * 6)),
  source('email', 'newsletter', Math.round(days * 4)),
  source('referral', 'community.example', Math.round(days * 2.5)),
  source('social', 'linkedin', Math.round(days * 1.5)),
]

const funnel = (query: URLSearchParams, people: readonly Visitor[]): FunnelReport => {
  const period = periodOf(query)
  const days = daysOf(period)
  const standing = (wanted: (visitor: Visitor) => boolean): number => people.filter(wanted).length
  const part = (stage: (typeof STAGES)[number] | undefined): number => (stage ? PART[stage] * days : 0)
  return {
    period,
    stages: STAGES.map((stage, i) => ({
      ...{ stage, funnel: BAND[stage] },
      ...cohort(
        part(stage),
        part(STAGES[i + 1]),
        standing((each) => each.stage === stage),
      ),
    })),
    funnels: FUNNELS.map((name, i) => ({
      funnel: name,
      ...cohort(
        part(STAGES[i * 2]),
        part(STAGES[i * 2 + 2]),
        standing((each) => each.funnel === name),
      ),
    })),
    sources: sourcesOf(days),
    models: [2, 3].map((modelVersion) => ({
      modelVersion,
      stages: STAGES.slice(1).map((to) => ({ to, count: Math.round(PART[to] * days * (modelVersion - 1.4)) })),
      qualifications: (['iql', 'mql', 'sql', 'customer'] as const).map((to, i) => ({
        ...{ to, count: Math.round((days * (6 - i) * modelVersion) / 5) },
      })),
    })),
  }
}

const velocity = (query: URLSearchParams): VelocityReport => {
  const speed = (days: number, n: number) => ({
    ...{ closed: n * 3, moved: n, medianSeconds: days * 86_400, p90Seconds: days * 86_400 * 3.1 },
  })
  return {
    period: periodOf(query),
    stages: STAGES.map((stage, i) => ({ stage, ...speed([2.4, 5.8, 6.1, 9.5, 30, 0][i]!, 60 - i * 11) })),
    funnels: FUNNELS.map((name, i) => ({ funnel: name, ...speed(6 + i * 4, 50 - i * 20) })),
    qualifications: (['mql', 'sql', 'customer'] as const).map((qualification, i) => ({
      ...{ qualification, ...speed(7 + i * 9, 40 - i * 14) },
    })),
  }
}

const page = (
  path: string,
  stage: (typeof STAGES)[number],
  [people, rate, lift]: readonly [number, number, number],
) => ({
  ...{ path, stage, people, rate, lift, moved: Math.round(people * rate), share: people / 900 },
  kind: path.endsWith('.pdf') ? ('download' as const) : ('page' as const),
  tagged: path.startsWith('/customers') ? ('rule' as const) : ('tag' as const),
  signal: path.startsWith('/blog') ? 'article' : path.endsWith('.pdf') ? 'buyers_guide' : 'case_study',
})

const content = (query: URLSearchParams): ContentReport => ({
  period: periodOf(query),
  minPeople: 25,
  stages: STAGES.map((stage, i) => ({ stage, people: 900 - i * 150, moved: 300 - i * 50, rate: 0.33 - i * 0.05 })),
  items: [
    page('/blog/untested-backups', 'awareness', [412, 0.52, 1.58]),
    page('/blog/ransomware-weekend', 'awareness', [198, 0.41, 1.24]),
    page('/guides/backup-plan', 'interest', [143, 0.49, 1.74]),
    page('/customers/nordwind', 'interest', [88, 0.44, 1.55]),
    page('/files/buyers-guide.pdf', 'evaluation', [51, 0.57, 2.48]),
    page('/compare', 'evaluation', [74, 0.31, 1.35]),
    page('/pricing', 'intent', [39, 0.28, 1.61]),
    page('/careers', 'awareness', [60, 0.1, 0.31]),
  ],
  hidden: 17,
  untagged: [
    ...[
      { path: '/why-us', people: 216, signal: 'commercial_page', funnel: 'mofu' as const },
      { path: '/backup-for-dentists', people: 97, signal: null, funnel: 'tofu' as const },
    ].map(({ path, people, signal, funnel: band }) => ({
      ...{ path, people, suggestion: { funnel: band, signal, why: 'Those who saw it moved on from interest' } },
      line: `<meta name="leadlight" content="${[band, signal].filter(Boolean).join(' ')}">`,
    })),
  ],
})

const sources = (query: URLSearchParams): SourcesReport => ({
  period: periodOf(query),
  minPeople: 25,
  base: { closed: 900, sql: 36, rate: 0.04 },
  items: sourcesOf(daysOf(periodOf(query))).map((row, i) => ({
    ...{ ...row, rate: i > 4 ? null : 0.08 - i * 0.015, lift: i > 4 ? null : 2 - i * 0.35 },
  })),
  hidden: 0,
})

const signals = (query: URLSearchParams): SignalsReport => ({
  period: periodOf(query),
  minPeople: 25,
  base: { closed: 900, sql: 36, rate: 0.04 },
  items: (
    [
      ['pricing_repeat', 'intent', 0.31],
      ['buyers_guide', 'evaluate', 0.22],
      ['comparison', 'evaluate', 0.17],
      ['return_day', 'engage', 0.09],
      ['article', 'discover', 0.03],
    ] as const
  ).map(([signal, group, rate], i) => ({
    ...{
      signal,
      group,
      people: 60 + i * 90,
      closed: 42 + i * 60,
      sql: Math.round((42 + i * 60) * rate),
      rate,
      lift: rate / 0.04,
    },
  })),
  hidden: 4,
})

/** Undefined where there is no such report. */
export const reportOf = (name: string, query: URLSearchParams, people: readonly FakePerson[]): unknown => {
  const site = query.get('site')
  const visitors = people.map(({ visitor }) => visitor).filter((each) => !site || each.site === site)
  if (name === 'funnel') return funnel(query, visitors)
  if (name === 'velocity') return velocity(query)
  if (name === 'content') return content(query)
  if (name === 'sources') return sources(query)
  return name === 'signals' ? signals(query) : undefined
}
