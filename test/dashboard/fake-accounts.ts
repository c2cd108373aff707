/** The companies of the made-up visitors. */
import type { AccountDetail } from '../../shared/answer.ts'
import type { FakePerson } from './fake-people.ts'

const GROUPS = ['discover', 'engage', 'evaluate', 'intent', 'penalty'] as const

const accountOf = (id: string, people: readonly FakePerson[]): AccountDetail => {
  const visitors = people.map(({ visitor }) => ({ visitor, value: visitor.score })).sort((a, b) => b.value - a.value)
  const sum = visitors.reduce((total, { value }) => total + value, 0)
  const bySignal = new Map<string, number>()
  for (const { signal, value } of people.flatMap(({ rows }) => rows))
    bySignal.set(signal, (bySignal.get(signal) ?? 0) + value)
  const signals = [...bySignal].map(([signal, value]) => ({ signal, value })).sort((a, b) => b.value - a.value)
  const groups = Object.fromEntries(
    GROUPS.map((group) => [group, visitors.reduce((total, { visitor }) => total + visitor.groups[group], 0)]),
  ) as AccountDetail['groups']
  const checks = [
    { rule: 'a score of 75', met: sum >= 75 },
    { rule: '2 people', met: people.length >= 2 },
    { rule: 'somebody at Evaluation or beyond', met: visitors.some(({ visitor }) => visitor.funnel !== 'tofu') },
  ]
  return {
    ...{ id, score: Math.max(0, sum), groups, people: people.length, ready: checks.every(({ met }) => met), checks },
    lastSeen: visitors
      .map(({ visitor }) => visitor.lastSeen)
      .sort()
      .at(-1)!,
    ...{ why: signals.slice(0, 4), sum, signals, visitors },
  }
}

/** Undefined where it is no address of companies, or there is none of that name. */
export const accountsOf = (people: readonly FakePerson[], { pathname, searchParams }: URL): unknown => {
  const [, id] = /^\/api\/accounts(?:\/([^/]+))?$/.exec(pathname) ?? [undefined, null]
  if (id === null) return undefined
  const site = searchParams.get('site')
  const byName = new Map<string, FakePerson[]>()
  for (const person of people) {
    const { account } = person.visitor
    if (account && (!site || person.visitor.site === site))
      byName.set(account, [...(byName.get(account) ?? []), person])
  }
  if (id !== undefined) {
    const found = byName.get(decodeURIComponent(id))
    return found && accountOf(decodeURIComponent(id), found)
  }
  const q = searchParams.get('q') ?? ''
  const all = [...byName].filter(([name]) => name.includes(q)).map(([name, of]) => accountOf(name, of))
  const items = all
    .sort((a, b) => b.score - a.score)
    .map(({ visitors: _, signals: __, sum: ___, ...account }) => account)
  const from = Number(searchParams.get('cursor') ?? 0)
  return { items: items.slice(from, from + 1), nextCursor: from + 1 < items.length ? String(from + 1) : null }
}
