/** What a PostgreSQL database must hold after whatever befell it, and whoever wrote to it. */
import { expect } from 'vitest'
import { connect, type Sql } from '../../collector/store/postgres.ts'
import { createPostgresModels } from '../../collector/store/postgres-models.ts'
import { createPostgresViews } from '../../collector/store/postgres-views.ts'
import { eventsIn } from '../../collector/store/stored.ts'
import { replayed } from '../../shared/append.ts'
import { contributionOf } from '../../shared/contribution.ts'
import { createFold } from '../../shared/visitor.ts'
import type { Told } from './load.ts'

const within = async <Result>(url: string, work: (sql: Sql) => Promise<Result>): Promise<Result> => {
  const sql = connect({ url, connections: 4, name: 'test' })
  try {
    return await work(sql)
  } finally {
    await sql.end()
  }
}

/** The id of every event, as often as it is there. */
const idsIn = async (sql: Sql): Promise<readonly string[]> =>
  (await sql<{ body: Buffer }[]>`SELECT body FROM event`).flatMap(({ body }) => eventsIn(body).map(({ id }) => id))

/** What was acknowledged is there, once; and nothing that was never sent. */
export const expectKeptAt = (url: string, told: Told): Promise<void> =>
  within(url, async (sql) => {
    const ids = await idsIn(sql)
    const stored = new Set(ids)
    expect(ids.length - stored.size, 'doubled').toBe(0)
    expect(
      [...told.acked].filter((id) => !stored.has(id)),
      'lost',
    ).toEqual([])
    // Of what was put off nobody knows whether it was committed: a connection can end before the answer comes.
    expect(
      ids.filter((id) => !told.acked.has(id) && !told.unknown.has(id) && !told.putOff.has(id)),
      'never sent',
    ).toEqual([])
  })

/** Every visitor is what their events make of them, and the counts are what all visitors add up to. */
export const expectSoundAt = (url: string): Promise<number> =>
  within(url, async (sql) => {
    const { model, version } = await createPostgresModels(sql).published()
    const views = createPostgresViews(sql)
    const fold = createFold(model)
    const counts = new Map<string, number>()
    const now = Date.now()
    const people = await sql<{ id: string; site: number }[]>`
      SELECT id, site FROM visitor WHERE version = ${version} AND root IS NULL AND state IS NOT NULL`
    for (const { id, site } of people) {
      const { state } = (await views.visitor(id))!
      for (const { kind, day, of, end } of contributionOf(state, model)) {
        const key = [site, kind, day, of, end].join(' ')
        counts.set(key, (counts.get(key) ?? 0) + 1)
      }
      const anew = replayed(
        fold,
        (await views.events(id)).map(({ event }) => event),
        { transitions: [] },
      )!
      for (const each of [anew, state]) fold.advance(each, now, { transitions: [] })
      expect(state).toEqual(anew)
    }
    const rows = await sql<{ key: string; n: number }[]>`
      SELECT concat_ws(' ', site, kind, day, what, outcome) AS key, sum(n)::bigint AS n FROM aggregate
      WHERE version = ${version} GROUP BY 1 HAVING sum(n) <> 0`
    expect(new Map(rows.map(({ key, n }) => [key, n]))).toEqual(counts)
    return people.length
  })
