/** Collectors on PostgreSQL count in rows of their own, and no more rows come of it than there are collectors. */
import { afterAll, expect, it } from 'vitest'
import { connect } from '../../collector/store/postgres.ts'
import { LANES, type Lane, openLane } from '../../collector/store/postgres-lane.ts'
import { missing, startPostgres } from '../postgres.ts'

const server = await startPostgres(['fsync=off'])
afterAll(() => server?.stop())

it.skipIf(!server)(`each takes the first lane that is free${server ? '' : ` (${missing})`}`, async () => {
  const url = await server!.newDatabase()
  const open = () => openLane(connect({ url, connections: 1, name: 'lane', lasts: true }))
  const all: Lane[] = []
  for (let n = 0; n < LANES; n += 1) {
    all.push(await open())
    expect(all[n]!.lane).toBe(n)
  }
  const beyond = await open()
  expect(beyond.lane >= 0 && beyond.lane < LANES, 'one too many shares').toBe(true)
  await all[5]!.stop()
  await all[7]!.stop()
  // The server learns in its own time that a connection has ended.
  const held = connect({ url, connections: 1, name: 'test' })
  const count = async () => (await held`SELECT 1 FROM pg_locks WHERE locktype = 'advisory'`).length
  for (let tries = 0; (await count()) > LANES - 2 && tries < 1000; tries += 1);
  const next = [await open(), await open()]
  expect(next.map(({ lane }) => lane)).toEqual([5, 7])
  await Promise.all([...all, beyond, ...next].map(({ stop }) => stop()))
  await held.end()
})
