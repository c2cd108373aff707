/** One of several collectors is killed while it rebuilds everyone under another model: the other serves on, and can do it. */
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { connect } from '../../collector/store/postgres.ts'
import type { VisitorPage } from '../../shared/answer.ts'
import type { Program } from '../e2e/program.ts'
import { missing, startPostgres } from '../postgres.ts'
import { expectSoundAt } from './kept-postgres.ts'
import { ask, sleep, startTogether, type Together, until } from './together.ts'

const PEOPLE = 2000
const TRIES = 8

const server = await startPostgres()
if (!server) console.warn(`  Skipped: publishing beside another collector: ${missing}`)
afterAll(() => server?.stop())

let together: Together | undefined
afterEach(() => together?.end())

interface Versions {
  readonly active: number
  readonly items: readonly { readonly version: number; readonly state: string }[]
}

const person = (n: number) => [
  { type: 'track', event: 'demo_request', anonymousId: `a${n}`, messageId: `d${n}` },
  { type: 'identify', anonymousId: `a${n}`, messageId: `i${n}`, traits: { email: `p${n}@acme.example` } },
  ...[1, 2].map((k) => ({ type: 'track', event: 'case_study', anonymousId: `a${n}`, messageId: `c${n}-${k}` })),
]

const draft = async (program: Program, handover: string): Promise<number> =>
  (await ask<{ version: number }>(program, '/api/models', { method: 'POST', body: { preset: 'standard', handover } }))
    .body.version
const publish = (program: Program, version: number, wait: number) =>
  ask<{ state: string; error?: string }>(program, `/api/models/${version}/publish?wait=${wait}`, {
    method: 'POST',
    body: { reason: 'a trial' },
  })
/** The model under which the hottest were scored; one for all of them. */
const modelOf = async (program: Program): Promise<number> => {
  const { items } = await program.get<VisitorPage>('/api/visitors?limit=200&sort=score')
  expect(items).toHaveLength(200)
  const versions = new Set(items.map(({ modelVersion }) => modelVersion))
  expect(versions.size).toBe(1)
  return items[0]!.modelVersion
}

describe.skipIf(!server)(`publishing beside another collector ${missing}`, () => {
  it('killed in the midst of it, leaves the other one whole, which can do it again', { timeout: 180_000 }, async () => {
    const database = await server!.newDatabase()
    together = await startTogether([database, database])
    const other = () => together!.programs[1]!
    for (let n = 0; n < PEOPLE; n += 500)
      await other().importBatch(Array.from({ length: 500 }, (_, k) => person(n + k)).flat())
    const sql = connect({ url: database, connections: 1, name: 'test' })
    let caught = 0
    for (let round = 0; round < TRIES && caught < 2; round += 1) {
      const { active: before } = await other().get<Versions>('/api/models')
      const version = await draft(other(), round % 2 ? 'action' : 'strict')
      await publish(together.programs[0]!, version, 0)
      await until('it publishes', async () => (await sql`SELECT 1 FROM lease WHERE name = 'publish'`).length > 0)
      await sleep(30 * round)
      await together.programs[0]!.kill('SIGKILL')
      const { active, items } = await other().get<Versions>('/api/models')
      expect(await modelOf(other())).toBe(active)
      if (active !== version) {
        caught += 1
        expect(active).toBe(before)
        expect(items.find((each) => each.version === version)?.state).toBe('draft')
        // Its server tells the other soon that it is gone; no lease need end for that.
        await until('the other may', async () => (await publish(other(), version, 20)).body.state === 'done', 30_000)
        expect(await modelOf(other())).toBe(version)
      }
      await together.restart(0)
      expect(await modelOf(together.programs[0]!)).toBe((await other().get<Versions>('/api/models')).active)
    }
    expect(caught).toBe(2)
    await sql.end()
    expect(await expectSoundAt(database)).toBe(PEOPLE)
  })
})
