/** No 200 leaves before what it acknowledges was on disk: told by what the program asks of the machine. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { BROWSER, beacon } from '../collector/collector.ts'
import { type Program, startProgram } from './program.ts'
import { type Answered, answersIn, type Call, canTrace, early, readTrace, tracer } from './trace.ts'

const ANSWERS = process.env.GATES === 'full' ? 2000 : 500

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

interface Traced {
  readonly calls: readonly Call[]
  readonly answers: readonly Answered[]
}

/** So many beacons, by so many clients at once, each of which waits for its answer. */
const traced = async (clients: number, nodeArgs: readonly string[] = []): Promise<Traced> => {
  const folder = mkdtempSync(join(tmpdir(), 'leadlight-'))
  folders.push(folder)
  const trace = join(folder, 'trace')
  const program = await startProgram({ folder, under: tracer(trace), nodeArgs })
  await sendAll(program, clients)
  await program.kill('SIGTERM')
  // The tracer writes its last lines when the program is gone.
  await new Promise((resolve) => setTimeout(resolve, 300))
  const calls = readTrace(trace)
  return { calls, answers: answersIn(calls) }
}

const sendAll = async ({ url, get }: Program, clients: number): Promise<void> => {
  const { items } = await get<{ items: { name: string; key: string }[] }>('/api/sites')
  const { key } = items.find(({ name }) => name === 'demo')!
  let left = ANSWERS
  const client = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      const body = beacon(key, [{ type: 'page', url: 'https://www.acme.example/pricing' }])
      expect((await fetch(`${url}/e`, { method: 'POST', body, headers: BROWSER })).status).toBe(200)
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
}

describe.skipIf(!canTrace)('what is acknowledged', { timeout: 120_000 }, () => {
  it.each([
    [1, 'one after another'],
    [16, 'sixteen at a time'],
  ])('%d: is on disk before the answer leaves', async (clients, name) => {
    const { calls, answers } = await traced(clients)
    expect(answers.length).toBe(ANSWERS)
    expect(early(calls, answers)).toEqual([])
    console.log(`  ${answers.length} answers, ${name}: none before its sync`)
  })

  it('and were it not, this would be seen', async () => {
    const careless = ['--import', join(import.meta.dirname, 'careless.mjs')]
    const { calls, answers } = await traced(1, careless)
    expect(answers.length).toBe(ANSWERS)
    expect(early(calls, answers).length).toBeGreaterThan(ANSWERS * 0.9)
  })
})
