/** Reading what others were told of a person on SQLite: which messages, to whom, and what became of each. */
import type { Db } from './sqlite.ts'
import type { DeliveryState, StoredMessage, Views } from './store.ts'

interface Row {
  readonly id: string
  readonly type: string
  readonly at: number
  /** With the two after it: null where it went to nobody who is still set up. */
  readonly kind: string | null
  readonly label: string
  readonly state: DeliveryState
}

export const createSqliteMessages = (db: Db): Pick<Views, 'messages'> => {
  const rows = db.prepare(
    `SELECT m.id, m.type, m.at, w.kind, w.label, d.state FROM message m
     LEFT JOIN delivery d ON d.message = m.seq LEFT JOIN webhook w ON w.id = d.webhook
     WHERE m.visitor IN (SELECT n FROM visitor WHERE id = @id
       UNION SELECT part.n FROM visitor JOIN visitor part ON part.root = visitor.n WHERE visitor.id = @id)
     ORDER BY m.seq, w.created_at, w.id`,
  )
  return {
    messages: async (id) => [...Map.groupBy(rows.all({ id }) as Row[], (row) => row.id).values()].map(messageOf),
  }
}

/** The rows of one message, one per receiver. */
const messageOf = (rows: readonly Row[]): StoredMessage => {
  const { id, type, at } = rows[0]!
  const deliveries = rows.flatMap(({ kind, label, state }) => (kind === null ? [] : [{ kind, label, state }]))
  return { id, type, at, deliveries }
}
