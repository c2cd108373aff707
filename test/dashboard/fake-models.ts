/** The versions of the model in the stand-in for the collector: a history, drafts that are kept, jobs that take a while. */
import type { Version, WholeVersion } from '../../collector/dashboard/state/models.ts'
import { merged } from '../../collector/draft.ts'
import { DEFAULT_MODEL } from '../../shared/default-model.ts'
import type { Model } from '../../shared/model.ts'
import type { Simulation } from '../../shared/simulation.ts'
import type { Asked, Done } from './fake-deeds.ts'
import { makePerson } from './fake-people.ts'

const STAGES = ['awareness', 'interest', 'evaluation', 'intent', 'conversion', 'relationship'] as const
const QUALIFICATIONS = ['anonymous', 'iql', 'mql', 'recycled', 'sql', 'customer'] as const

const version = (n: number, state: Version['state'], reason: string): WholeVersion => ({
  ...{
    version: n,
    state,
    name: DEFAULT_MODEL.name,
    author: 'Ada',
    approver: state === 'draft' ? null : 'Grace',
    reason,
  },
  createdAt: new Date(Date.UTC(2026, n, 3)).toISOString(),
  publishedAt: state === 'draft' ? null : new Date(Date.UTC(2026, n, 5)).toISOString(),
  model: DEFAULT_MODEL,
})

const beginning = (): WholeVersion[] => [
  version(4, 'draft', 'Prices say more than we thought'),
  version(3, 'published', 'Shorter memory'),
  version(2, 'retired', 'Guides count more'),
  version(1, 'retired', 'The first model'),
]
let versions = beginning()
let asked = 0

/** As on the first day. */
export const resetModels = (): void => {
  versions = beginning()
  asked = 0
}

const matrix = <Name extends string>(names: readonly Name[], first: number) =>
  Object.fromEntries(
    names.map((from, i) => [
      from,
      Object.fromEntries(names.map((to, j) => [to, i === j ? first >> i : j === i + 1 ? 12 >> i : 0])),
    ]),
  ) as Record<Name, Record<Name, number>>

/** Somebody known by name, somebody who is not, and somebody who was erased meanwhile. */
const WHO = [makePerson(0, 0).visitor.id, makePerson(1, 0).visitor.id, '5bd1e995a1b2c3d4']

const changes = (count: number, to: 'mql' | 'sql') => ({
  count,
  rules: [{ rule: 'score of 40 reached', count }],
  visitors: WHO.map((visitor) => ({ visitor, from: 'iql' as const, to, rule: 'score of 40 reached' })),
})

const SIMULATION: Simulation = {
  ...{ visitors: 4210, events: 61_480, changed: 93 },
  stages: matrix(STAGES, 2600),
  qualifications: matrix(QUALIFICATIONS, 3400),
  moved: {
    stages: [{ from: 'awareness', to: 'interest', visitors: WHO }],
    qualifications: [],
  },
  gains: { mql: changes(31, 'mql'), sql: changes(9, 'sql') },
  losses: { mql: changes(12, 'mql'), sql: { count: 0, rules: [], visitors: [] } },
  handOffs: Array.from({ length: 26 }, (_, i) => ({
    ...{ week: new Date(Date.UTC(2026, 0, 5 + i * 7)).toISOString().slice(0, 10), old: (i * 5) % 7, new: (i * 5) % 9 },
  })),
  accuracy: {
    ...{ good: 40, bad: 11 },
    mql: { old: { precision: 0.5, recall: 0.8 }, new: { precision: 0.6, recall: 0.85 } },
    sql: { old: { precision: 0.71, recall: 0.62 }, new: { precision: 0.78, recall: 0.7 } },
  },
  timeToMql: { visitors: 80, oldDays: 9, newDays: 7.5, shiftDays: -1.5 },
}

const job = (result: unknown) => {
  asked += 1
  const done = asked > 2
  return {
    id: 'j1',
    state: done ? 'done' : 'running',
    progress: done ? 1 : 0.4,
    result: done ? result : null,
    problem: null,
  }
}
let result: unknown

/** Undefined where it is no address of models. */
export const modelsAt = (path: string): unknown => {
  const [, named] = /^\/api\/models(?:\/(.+))?$/.exec(path) ?? [undefined, null]
  if (named === null) return undefined
  const active = versions.find(({ state }) => state === 'published')!
  if (named === undefined) return { active: active.version, items: versions.map(({ model: _, ...about }) => about) }
  if (named === 'jobs/j1') return job(result)
  return named === 'active' ? active : versions.find((each) => String(each.version) === named)
}

const activate = (n: number): void => {
  versions = versions.map((each) => ({
    ...each,
    state: each.version === n ? 'published' : each.state === 'published' ? 'retired' : each.state,
  }))
}

const draft = (fields: Readonly<Record<string, unknown>>): Done => {
  const base = versions.find((each) => each.version === fields.base)
  const model = (fields.model ?? merged(base?.model, fields.patch)) as Model
  if (!(model.halfLifeDays > 0)) {
    const details = [{ path: 'halfLifeDays', message: 'Too small: expected number to be >0' }]
    return { status: 400, body: { error: { message: 'The model has mistakes; details name each.', details } } }
  }
  const next = {
    ...version(Math.max(...versions.map((each) => each.version)) + 1, 'draft', String(fields.reason)),
    model,
  }
  versions = [next, ...versions]
  return { status: 201, body: next }
}

/** Undefined where there is no such route. */
export const doModel = ({ path, body }: Asked): Done | undefined => {
  const fields = (body ?? {}) as Readonly<Record<string, unknown>>
  if (path === '/api/models') return draft(fields)
  const [, n, deed] = /^\/api\/models\/(\d+)\/(simulate|publish|revert)$/.exec(path) ?? []
  if (!n) return undefined
  if (deed === 'simulate') result = SIMULATION
  else {
    result = version(Number(n), 'published', String(fields.reason ?? ''))
    activate(Number(n))
  }
  asked = 0
  return { status: 202, body: job(result) }
}
