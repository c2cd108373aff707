/** Reading what others were told of a person on SQLite: which messages, to whom, and what became of each. */
import { type MessageRow, messagesOf } from './message-row.ts'
import type { Db } from './sqlite.ts'
import type { Views } from './store.ts'

export const createSqliteMessages = (db: Db): Pick<Views, 'messages'> => {
  const rows = db.prepare(
    `SELECT m.id, m.type, m.at, w.kind, w.label, d.state FROM message m
     LEFT JOIN delivery d ON d.message = m.seq LEFT JOIN webhook w ON w.id = d.webhook
     WHERE m.visitor IN (SELECT n FROM visitor WHERE id = @id
       UNION SELECT part.n FROM visitor JOIN visitor part ON part.root = visitor.n WHERE visitor.id = @id)
     ORDER BY m.seq, w.created_at, w.id`,
  )
  return {
    messages: async (id) => messagesOf(rows.all({ id }) as MessageRow[]),
  }
}
