/** A store at work without its collector: the clock is set, and what nobody waits for is done, by hand. */
import type { Edition } from '../../collector/edition.ts'
import type { Work } from '../../collector/store/engine.ts'
import type { EventLog, Models, RemovedSite, SiteSettings, Views } from '../../collector/store/store.ts'
import { replayed } from '../../shared/append.ts'
import { type CountKind, contributionOf, moveOf } from '../../shared/contribution.ts'
import type { Model } from '../../shared/model.ts'
import type { StoredRow } from '../collector/traces.ts'

export interface EndingStore {
  readonly log: EventLog
  readonly views: Views
  readonly models: Models
  readonly clock: { at: number }
  readonly edition: () => Edition
  readonly erase: Work['erase']
  readonly isErased: Work['isErased']
  /** Sets the clock, and does all that retention does at that instant. */
  readonly pass: (at: number) => Promise<void>
  /** One step of retention, if it is time for any. */
  readonly tend: () => Promise<unknown>
  readonly removeSite: (name: string) => Promise<RemovedSite>
  /** `meanwhile` is done between slices. */
  readonly publish: (model: Model, meanwhile?: () => Promise<unknown>) => Promise<void>
  /** Every row of every table, in plain words. */
  readonly rows: () => Promise<readonly StoredRow[]>
  readonly close: () => Promise<void>
}

/** As much of it as is read to tell whether everything is as it must be. */
export type ReadStore = Pick<EndingStore, 'views' | 'clock' | 'edition'>

export interface EndingOptions {
  /** Of the site `default`; there is another, `other`, that keeps everything. */
  readonly settings?: Partial<SiteSettings>
  readonly model?: Model
}

export type OpenEnding = (options?: EndingOptions) => Promise<EndingStore>

/** Everyone, in the order of their ids. */
export const everyone = async ({ views }: Pick<EndingStore, 'views'>) => {
  const { items } = await views.visitors({ sort: 'lastSeen', limit: 1000 })
  return items.toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

/** What everyone must be: their events folded under the model, brought to the present. */
export const replayedOf = async ({ views, edition, clock }: ReadStore, id: string, site: string) => {
  const fold = edition().foldOf(site)
  const events = (await views.events(id)).map(({ event }) => event)
  const state = replayed(fold, events, { transitions: [] })!
  fold.advance(state, clock.at, { transitions: [] })
  return JSON.parse(JSON.stringify(state))
}

const DERIVED = ['step', 'pace', 'rank', 'origin', 'sight', 'signal', 'now'] as const
const EVER = { from: -1_000_000, to: 1_000_000, closed: 0 }

const linesOf = (counts: ReadonlyMap<string, number>): readonly string[] =>
  [...counts].flatMap(([key, n]) => (n === 0 ? [] : [`${key} ${n}`])).toSorted()

const stored = async ({ views }: ReadStore, kinds: readonly CountKind[]): Promise<readonly string[]> => {
  const counts = new Map<string, number>()
  for (const kind of kinds)
    for (const { of, end, n } of await views.aggregates({ ...EVER, kind })) {
      const key = `${kind} ${of} ${end}`
      counts.set(key, (counts.get(key) ?? 0) + n)
    }
  return linesOf(counts)
}

const counter = () => {
  const counts = new Map<string, number>()
  const add = (key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1)
  return { counts, add }
}

/** What reports are read from, but for what was recorded. */
export const countsOf = (store: ReadStore): Promise<readonly string[]> => stored(store, DERIVED)

/** What that must be: the sum over everyone, by their states. */
export const addedOf = async (store: ReadStore): Promise<readonly string[]> => {
  const { counts, add } = counter()
  for (const { state } of await everyone(store))
    for (const { kind, of, end } of contributionOf(state, store.edition().model)) add(`${kind} ${of} ${end}`)
  return linesOf(counts)
}

/** Moves as they are counted, and as the transitions that are kept tell of them. */
export const movesOf = async (store: ReadStore) => {
  const { counts, add } = counter()
  for (const { id } of await everyone(store))
    for (const { cause, modelVersion, ...transition } of await store.views.transitions(id))
      if (cause === 'live')
        for (const { kind, of, end } of moveOf(transition, modelVersion)) add(`${kind} ${of} ${end}`)
  return { counted: await stored(store, ['move']), recorded: linesOf(counts) }
}
