/** Reading what others were told of a person on PostgreSQL: which messages, to whom, and what became of each. */
import { type MessageRow, messagesOf } from './message-row.ts'
import type { Sql } from './postgres.ts'
import { published } from './postgres-models.ts'
import type { Views } from './store.ts'

export const createPostgresMessages = (sql: Sql): Pick<Views, 'messages'> => ({
  messages: async (id) => {
    const rows = await sql<MessageRow[]>`
      WITH given AS MATERIALIZED (SELECT n FROM visitor WHERE id = ${id} AND version = ${published(sql)})
      SELECT m.id, m.type, m.at, w.kind, w.label, d.state FROM message m
      LEFT JOIN delivery d ON d.shard = m.shard AND d.message = m.seq LEFT JOIN webhook w ON w.id = d.webhook
      WHERE m.visitor = ANY(ARRAY(
        SELECT n FROM given UNION
        SELECT part.n FROM visitor part JOIN given ON part.root = given.n WHERE part.version = ${published(sql)}
      ))
      ORDER BY m.seq, w.created_at, w.id COLLATE "C"`
    return messagesOf(rows)
  },
})
