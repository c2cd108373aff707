/** What collectors agree on through PostgreSQL: secrets of a day, what was used once, how jobs stand. */
import { randomBytes } from 'node:crypto'
import type { Commons } from './engine.ts'
import type { Sql } from './postgres.ts'

/** How long a job can be asked for, in ms. */
const JOB_KEPT = 86_400_000

export const createPostgresCommons = (sql: Sql, now: () => number): Commons => ({
  secretOfDay: async (day) => {
    await sql`DELETE FROM day_secret WHERE day < ${day - 1}`
    await sql`INSERT INTO day_secret (day, secret) VALUES (${day}, ${randomBytes(32)}) ON CONFLICT DO NOTHING`
    const [row] = await sql<{ secret: Buffer }[]>`SELECT secret FROM day_secret WHERE day = ${day}`
    return row!.secret
  },
  spend: async (hash, until) => {
    await sql`DELETE FROM spent WHERE until < ${now()}`
    const taken =
      await sql`INSERT INTO spent (hash, until) VALUES (${hash}, ${until}) ON CONFLICT DO NOTHING RETURNING 1`
    return taken.length > 0
  },
  keepJob: async (id, document) => {
    await sql`DELETE FROM job WHERE until < ${now()}`
    await sql`INSERT INTO job (id, document, until) VALUES (${id}, ${document}, ${now() + JOB_KEPT})
      ON CONFLICT (id) DO UPDATE SET document = excluded.document, until = excluded.until`
  },
  jobOf: async (id) => {
    const [row] = await sql<{ document: string }[]>`SELECT document FROM job WHERE id = ${id}`
    return row?.document
  },
  // The same for all, and from the start: what is signed with it is signed with the admin token too.
  onceKey: 'postgres',
})
