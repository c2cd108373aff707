/** Several collectors on one PostgreSQL, and what befalls them: each acknowledged event is there, once. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { connect } from '../../collector/store/postgres.ts'
import { missing, type PostgresServer, startPostgres } from '../postgres.ts'
import { expectKeptAt, expectSoundAt } from './kept-postgres.ts'
import { type Load, nothingTold, startLoad, type Told } from './load.ts'
import { ask, sleep, startTogether, type Together, until } from './together.ts'
import { openWire, type Wire } from './wire.ts'

const isFull = process.env.GATES === 'full'
const KILLS = isFull ? 100 : 4
const CRASHES = isFull ? 20 : 2
const CUTS = isFull ? 200 : 12

// Beginning with a server of our own: what is killed here must be nobody else's.
const hasOwn = !process.env.LEADLIGHT_TEST_POSTGRES
const server = hasOwn ? await startPostgres(['max_connections=200']) : undefined
const reason = hasOwn ? missing : 'the server of LEADLIGHT_TEST_POSTGRES may not be killed'
if (!server) console.warn(`  Skipped: several collectors on one PostgreSQL: ${reason}`)
afterAll(() => server?.stop())

let together: Together | undefined
let wire: Wire | undefined
let load: Load | undefined
afterEach(async () => {
  await load?.stop()
  await together?.end()
  await wire?.close()
  together = undefined
  wire = undefined
  load = undefined
})

const startOn = async (databases: readonly string[]): Promise<Together> => {
  together = await startTogether(databases)
  return together
}
const startUnder = ({ urls, key }: Together, told: Told, name: string): Load => {
  load = startLoad({ url: urls(), key, name, told, persists: true })
  return load
}
/** So many events more. */
const untilAcked = (told: Told, more: number): Promise<void> => {
  const before = told.acked.size
  return until('they take events', () => told.acked.size >= before + more, 120_000)
}
/** Nothing was refused but for a while, and then it was said for how long. */
const expectOnlyPutOff = ({ refusals, impatient }: Told): void => {
  expect([...refusals.keys()].filter((status) => status !== 503)).toEqual([])
  expect(impatient, 'refusals that do not say when to come back').toBe(0)
}
const expectWhole = async (database: string, told: Told): Promise<void> => {
  expectOnlyPutOff(told)
  await expectKeptAt(database, told)
  expect(await expectSoundAt(database)).toBeGreaterThan(10)
}

describe.skipIf(!server)(`several collectors on one PostgreSQL${server ? '' : ` (${reason})`}`, () => {
  let database: string
  beforeAll(async () => {
    expect(await server!.newDatabase()).toMatch(/^postgres:/)
  })
  const twoOn = async (): Promise<Together> => {
    database = await server!.newDatabase()
    return await startOn([database, database])
  }

  it('take what the same visitors do at both, and what is sent to both, once', async () => {
    const told = nothingTold()
    const two = await twoOn()
    const loading = startUnder(two, told, 'both')
    await untilAcked(told, isFull ? 20_000 : 1500)
    await loading.stop()
    expect([...told.refusals]).toEqual([])
    expect([...told.unknown]).toEqual([])
    await expectWhole(database, told)
    const sql = connect({ url: database, connections: 1, name: 'test' })
    const lanes = await sql`SELECT DISTINCT lane FROM aggregate WHERE n <> 0`
    const [{ merges }] = (await sql`SELECT count(*)::integer AS merges FROM merge`) as [{ merges: number }]
    await sql.end()
    expect(merges, 'people were found to be one').toBeGreaterThan(5)
    expect(lanes.map(({ lane }) => lane).toSorted(), 'each has counted in rows of its own').toEqual([0, 1])
  }, 300_000)

  it(
    `one killed ${KILLS} times: the other goes on, and nothing is lost`,
    async () => {
      const told = nothingTold()
      const two = await twoOn()
      for (let round = 0; round < KILLS; round += 1) {
        const loading = startUnder(two, told, `kill-${round}`)
        await untilAcked(told, 50)
        expect(loading.underWay(), 'it is killed while there is work').toBeGreaterThan(0)
        const before = told.unknown.size
        const restarting = two.restart(round % 2)
        await untilAcked(told, 50)
        await restarting
        expect(told.unknown.size, 'somebody was left without an answer').toBeGreaterThan(before)
        await loading.stop()
      }
      await expectWhole(database, told)
      console.log(
        `  ${KILLS} kills: ${told.acked.size} events acknowledged, ${told.unknown.size} once unknown, none lost`,
      )
    },
    120_000 + KILLS * 30_000,
  )

  it(
    `their server killed ${CRASHES} times: they live on, put off what comes, and lose nothing`,
    async () => {
      const told = nothingTold()
      const two = await twoOn()
      for (let round = 0; round < CRASHES; round += 1) {
        const loading = startUnder(two, told, `crash-${round}`)
        await untilAcked(told, 50)
        const before = told.refusals.get(503) ?? 0
        await server!.kill!()
        await until('they put off', () => (told.refusals.get(503) ?? 0) > before + 10)
        for (const program of two.programs) {
          await until('it is not ready', async () => (await ask(program, '/readyz')).status === 503)
          expect(await ask(program, '/readyz')).toMatchObject({
            status: 503,
            retryAfter: expect.stringMatching(/^\d+$/),
          })
          expect(await ask(program, '/healthz')).toMatchObject({ status: 200 })
        }
        await server!.restart!()
        await untilAcked(told, 50)
        for (const program of two.programs) {
          await until('it is ready', async () => (await ask(program, '/readyz')).status === 200)
          await until('it shows', async () => (await ask(program, '/api/visitors')).status === 200)
        }
        await loading.stop()
      }
      await expectWhole(database, told)
      console.log(`  ${CRASHES} crashes of the server: ${told.acked.size} events acknowledged, none lost`)
    },
    120_000 + CRASHES * 60_000,
  )

  it(
    `a connection cut ${CUTS} times in mid-commit: what is sent again is there once`,
    async () => {
      const told = nothingTold()
      database = await server!.newDatabase()
      wire = await openWire(database)
      const two = await startOn([wire.by(database), wire.by(database)])
      const loading = startUnder(two, told, 'cut')
      await untilAcked(told, 50)
      for (let cut = 0; cut < CUTS; cut += 1) {
        if (cut % 3 === 0) wire.loseAnswers(1)
        else if (cut % 3 === 1) wire.cutAfterCommit(1)
        else wire.cut()
        await sleep(60)
        await untilAcked(told, 20)
      }
      await loading.stop()
      expect(wire.happened.answersLost, 'answers lost').toBeGreaterThan(CUTS / 6)
      expect(wire.happened.cutsAfterCommit, 'ends after a commit').toBeGreaterThan(CUTS / 6)
      expect(told.putOff.size, 'somebody was told to send again').toBeGreaterThan(0)
      await expectWhole(database, told)
      console.log(
        `  ${CUTS} cuts: ${told.acked.size} events acknowledged, ${told.putOff.size} once put off, none lost or doubled`,
      )
    },
    120_000 + CUTS * 10_000,
  )
})

describe.skipIf(!server)(`a server that fails for good${server ? '' : ` (${reason})`}`, () => {
  let primary: PostgresServer
  let follower: PostgresServer
  let database: string
  beforeAll(async () => {
    primary = (await startPostgres(['max_connections=200']))!
    database = await primary.newDatabase()
    follower = await primary.follower!()
  }, 120_000)
  afterAll(async () => {
    await follower?.stop()
    await primary?.stop()
  })

  it('leaves everything to the one that followed it', async () => {
    const told = nothingTold()
    wire = await openWire(database)
    const two = await startOn([wire.by(database), wire.by(database)])
    const loading = startUnder(two, told, 'standby')
    await untilAcked(told, 300)
    const before = told.acked.size
    await primary.kill!()
    const admin = connect({ url: follower.url, connections: 1, name: 'test' })
    await admin`SELECT pg_promote()`
    await admin.end()
    wire.leadTo(follower.url)
    await untilAcked(told, 300)
    for (const program of two.programs)
      await until('it shows', async () => (await ask(program, '/api/visitors')).status === 200)
    await loading.stop()
    const after = Object.assign(new URL(follower.url), { pathname: new URL(database).pathname }).href
    await expectWhole(after, told)
    console.log(`  ${before} events acknowledged before the server failed, ${told.acked.size} in all, none lost`)
  }, 240_000)
})
