/** Rows of the log as readers take them, whatever the store: events, transitions, merges. */
import type { Transition } from '../../shared/award.ts'
import type { Terms } from './compact.ts'
import type { LogEntry, StoredEvent, StoredMerge, StoredTransition, TransitionCause } from './store.ts'
import { eventsIn } from './stored.ts'

/** Some events of a visitor; `seq` is the place of the last of them. */
export interface BodyRow {
  readonly seq: number
  readonly body: Buffer
}

export interface EventRow extends BodyRow {
  readonly visitor: string
  readonly site: string
}

export interface MergeRow {
  readonly at: number
  readonly undone_at: number | null
  readonly from: string
  readonly into: string
}

export interface TransitionRow {
  readonly seq: number
  readonly at: number
  readonly what: Transition['what']
  readonly source: string
  readonly target: string
  readonly rule: string
  readonly event: string | null
  readonly score: number
  readonly model: number
  readonly cause: TransitionCause
}

export type ReadTransitionRow = TransitionRow & Pick<EventRow, 'visitor' | 'site'>

export const storedEventsOf = ({ seq, body }: BodyRow, terms?: Terms): readonly StoredEvent[] =>
  eventsIn(body, terms).map((event, i, { length }) => ({ seq: seq - length + 1 + i, event }))

const transitionOf = (row: TransitionRow): Transition & { readonly cause: TransitionCause } => {
  const { at, what, source, target, rule, event, score, cause } = row
  return { cause, at, what, from: source, to: target, rule, event: event ?? undefined, score }
}

export const storedTransitionOf = (row: TransitionRow): StoredTransition => ({
  ...transitionOf(row),
  seq: row.seq,
  modelVersion: row.model,
})

export const mergeOf = ({ at, undone_at, from, into }: MergeRow): StoredMerge => ({
  at,
  from,
  into,
  ...(undone_at !== null && { undoneAt: undone_at }),
})

/** What a reader gets next of both kinds of rows, each the first after the cursor. */
export const entriesOf = (
  events: readonly EventRow[],
  transitions: readonly ReadTransitionRow[],
  { cursor, limit, terms }: { readonly cursor: number; readonly limit: number; readonly terms?: Terms },
): readonly LogEntry[] => {
  const happened = events.flatMap((row) =>
    storedEventsOf(row, terms).flatMap(({ seq, event }): LogEntry[] =>
      seq > cursor ? [{ seq, visitor: row.visitor, site: row.site, what: { event } }] : [],
    ),
  )
  const changed = transitions.map((row): LogEntry => {
    const { seq, visitor, site } = row
    return { seq, visitor, site, what: { transition: transitionOf(row) } }
  })
  return [...happened, ...changed].sort((a, b) => a.seq - b.seq).slice(0, limit)
}
