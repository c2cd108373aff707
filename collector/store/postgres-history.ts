/** Everyone's events on PostgreSQL, in slices of the order in which visitors lie. */
import { createStride, eventsOf, type History, type PersonHistory } from './history.ts'
import type { Sql, Transaction } from './postgres.ts'
import { eventsIn } from './stored.ts'

export interface VisitorPlace {
  readonly shard: number
  readonly n: number
}

/** Before all of them. */
export const START: VisitorPlace = { shard: -1, n: 0 }

export const createPostgresHistory = (sql: Sql): History => ({
  slices: async function* ({ head, events }) {
    const stride = createStride(events)
    const [count] = await sql<{ total: number }[]>`
      SELECT count(*) AS total FROM visitor WHERE version = (SELECT version FROM model WHERE state = 'published')
        AND root IS NULL AND state IS NOT NULL`
    const { total } = count!
    let done = 0
    for (let after = START; ; ) {
      const rows = await rowsAfter(sql, after, stride.width())
      const people = await withEvents(sql, rows, head)
      if (rows.length === 0) return
      stride.learn(eventsOf(people))
      after = rows.at(-1)!
      done += rows.length
      yield { people, done: Math.min(done, total), total: Math.max(done, total) }
    }
  },
})

type Asking = Pick<Sql | Transaction, never> & (Sql | Transaction)

const rowsAfter = (sql: Sql, { shard, n }: VisitorPlace, limit: number): Promise<readonly PersonRow[]> =>
  sql<PersonRow[]>`
    SELECT v.shard, v.n, v.id, s.name AS site, v.user_id, v.email, v.stage, v.qualification, v.changed
    FROM visitor v JOIN site s ON s.n = v.site
    WHERE v.version = (SELECT version FROM model WHERE state = 'published')
      AND v.root IS NULL AND v.state IS NOT NULL AND (v.shard, v.n) > (${shard}, ${n})
    ORDER BY v.shard, v.n LIMIT ${limit}`

/** What is read of a person beside the events. */
export interface PersonRow extends VisitorPlace {
  readonly id: string
  readonly site: string
  readonly user_id: string | null
  readonly email: string | null
  readonly stage: string
  readonly qualification: string
  readonly changed: number
}

/** With the events of those merged into them. */
export const withEvents = async (
  sql: Asking,
  rows: readonly PersonRow[],
  head = Number.MAX_SAFE_INTEGER,
): Promise<readonly (PersonHistory & VisitorPlace)[]> => {
  if (rows.length === 0) return []
  const numbers = rows.map(({ n }) => n)
  const ask = sql as Sql
  const [own, merged] = await Promise.all([
    ask<BodyRow[]>`
      SELECT e.visitor AS n, e.body FROM unnest(${rows.map(({ shard }) => shard)}::smallint[], ${numbers}::bigint[])
        AS p (shard, n) JOIN event e ON e.shard = p.shard AND e.visitor = p.n
      WHERE e.seq <= ${head}`,
    ask<BodyRow[]>`
      SELECT v.root AS n, e.body FROM visitor v JOIN event e ON e.shard = v.shard AND e.visitor = v.n
      WHERE v.version = (SELECT version FROM model WHERE state = 'published') AND v.root = ANY(${numbers}::bigint[])
        AND e.seq <= ${head}`,
  ])
  const bodies = Map.groupBy([...own, ...merged], ({ n }) => n)
  return rows.map(({ user_id, email, ...row }) => ({
    ...row,
    user: user_id ?? undefined,
    email: email ?? undefined,
    events: (bodies.get(row.n) ?? []).flatMap(({ body }) => eventsIn(body)),
  }))
}

interface BodyRow {
  readonly n: number
  readonly body: Buffer
}
