/** A person as rows tell of them, whatever the store. */
import type { Name } from '../../shared/identity.ts'
import type { Terms } from './compact.ts'
import type { Held, HeldPart, Rejected, StoredEvent } from './store.ts'
import { eventsIn } from './stored.ts'

/** What was rejected, and where that stands. */
export type RejectedRow = Rejected & { readonly seq: number }

/** What one of the parts did in one commit. */
export interface EventRow {
  readonly seq: number
  readonly visitor: number
  readonly events: readonly StoredEvent[]
}

export interface BodyRow {
  readonly seq: number
  readonly visitor: number
  readonly body: Buffer
}

export interface PartRow {
  readonly n: number
  readonly id: string
  readonly user: string | null
  readonly email: string | null
  readonly site: string
}

/** What other tables have of somebody is shown by other means of these. */
export const SHOWN: readonly string[] = ['event', 'name', 'transition']

export const partOf = ({ id, user, email }: PartRow, names: readonly Name[]): HeldPart => ({
  id,
  user: user ?? undefined,
  email: email ?? undefined,
  names,
})

/** The number of a row is that of the last event in it. */
export const eventRowOf = ({ body, ...row }: BodyRow, terms?: Terms): EventRow => ({
  ...row,
  events: eventsIn(body, terms).map((event, i, { length }) => ({ seq: row.seq - length + 1 + i, event })),
})

export interface Named {
  readonly site: string
  /** The survivor first. */
  readonly parts: readonly HeldPart[]
}

/** What of this says the name of a person, or names an event of theirs. */
export const rejectedOf = (
  rows: readonly RejectedRow[],
  { parts, site }: Named,
  theirs: readonly StoredEvent[],
): readonly RejectedRow[] => {
  const eventIds = new Set(theirs.map(({ event }) => event.id))
  const words = parts.flatMap(({ id, names }) => [id, ...names.map(({ value }) => value)])
  return rows.filter(
    ({ site: where, id, message }) =>
      (eventIds.has(id!) && where === site) || words.some((word) => id!.includes(word) || message.includes(word)),
  )
}

export const heldOf = ({ parts }: Named, rejected: readonly RejectedRow[], others: Held['others']): Held => ({
  parts,
  rejected: rejected.map(({ seq: _, ...row }) => row),
  others,
})

export const NOTHING_HELD: Held = { parts: [], rejected: [], others: {} }
