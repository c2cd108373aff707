/** What others were told of a person, message by message, from rows of one receiver each, whatever the store. */
import type { DeliveryState, StoredMessage } from './store.ts'

export interface MessageRow {
  readonly id: string
  readonly type: string
  readonly at: number
  /** With the two after it: null where it went to nobody who is still set up. */
  readonly kind: string | null
  readonly label: string
  readonly state: DeliveryState
}

/** The rows of a message stand together. */
export const messagesOf = (rows: readonly MessageRow[]): readonly StoredMessage[] =>
  [...Map.groupBy(rows, ({ id }) => id).values()].map(messageOf)

const messageOf = (rows: readonly MessageRow[]): StoredMessage => {
  const { id, type, at } = rows[0]!
  const deliveries = rows.flatMap(({ kind, label, state }) => (kind === null ? [] : [{ kind, label, state }]))
  return { id, type, at, deliveries }
}
