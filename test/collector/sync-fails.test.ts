/** A disk that says it could not keep what it was given: nothing is acknowledged on its word, and nothing is lost. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Program, startProgram } from '../e2e/program.ts'
import { canTrace } from '../e2e/trace.ts'
import { expectKeptIn, expectSoundIn } from './kept.ts'
import { nothingTold, startLoad, type Told } from './load.ts'

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

let folder: string
let program: Program | undefined
const folders: string[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leadlight-'))
  folders.push(folder)
})
afterEach(async () => {
  await program?.kill('SIGKILL')
  program = undefined
})
afterAll(() => {
  for (const each of folders) rmSync(each, { recursive: true, force: true })
})

/** Lets these syncs of a thread fail; what is told about it is kept in a file. */
const failing = (which: string, error: string): readonly string[] => [
  ...['strace', '-D', '-f', '-o', join(folder, 'trace'), '-e', 'trace=fsync,fdatasync'],
  ...['-e', `inject=fsync,fdatasync:error=${error}:when=${which}`],
]
const injected = (): number => readFileSync(join(folder, 'trace'), 'latin1').split('(INJECTED)').length - 1
/** Of a sync that failed nobody knows what it kept: what was put off may be there, once, as if no answer had come. */
const expectKept = (told: Told): void =>
  expectKeptIn(path(), { ...told, unknown: new Set([...told.unknown, ...told.putOff]) })
const path = () => join(folder, 'leadlight.db')

const keyOf = async ({ get }: Program): Promise<string> =>
  (await get<{ items: { name: string; key: string }[] }>('/api/sites')).items.find(({ name }) => name === 'demo')!.key

describe.skipIf(!canTrace)('when a sync fails', { timeout: 90_000 }, () => {
  it.each([
    ['EIO', '100..160'],
    ['ENOSPC', '100..160'],
  ])('with %s for a while, it puts off what comes, says so, and goes on', async (error, which) => {
    program = await startProgram({ folder, under: failing(which, error) })
    const { url } = program
    const told = nothingTold()
    const load = startLoad({ url, key: await keyOf(program), name: error, clients: 4, told })
    for (let tries = 0; !told.refusals.has(503) && tries < 400; tries += 1) await sleep(50)
    expect(told.refusals.get(503), 'it refuses').toBeGreaterThan(0)
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    const before = told.acked.size
    for (let tries = 0; told.acked.size < before + 20 && tries < 400; tries += 1) await sleep(50)
    expect(told.acked.size, 'it goes on').toBeGreaterThanOrEqual(before + 20)
    await load.stop()
    expect(injected()).toBeGreaterThan(0)
    expect([...told.refusals.keys()]).toEqual([503])
    expect(told.impatient).toBe(0)
    await program.kill('SIGKILL')
    expectKept(told)
    program = await startProgram({ folder })
    await program.get('/api/visitors')
    expectKept(told)
    expect(await expectSoundIn(path())).toBeGreaterThan(3)
    console.log(
      `  ${error}: ${injected()} syncs failed, ${told.acked.size} events kept, ${told.refusals.get(503)} put off`,
    )
  })

  it('for good, it lives and acknowledges nothing more, and after it all is there', async () => {
    program = await startProgram({ folder, under: failing('100+', 'EIO') })
    const { url } = program
    const told = nothingTold()
    const load = startLoad({ url, key: await keyOf(program), name: 'good', clients: 4, told })
    for (let tries = 0; (told.refusals.get(503) ?? 0) < 50 && tries < 400; tries += 1) await sleep(50)
    expect(told.refusals.get(503)).toBeGreaterThanOrEqual(50)
    const { size } = told.acked
    await sleep(500)
    expect(told.acked.size).toBe(size)
    await load.stop()
    const [alive, ready] = [await fetch(`${url}/healthz`), await fetch(`${url}/readyz`)]
    expect([alive.status, ready.status]).toEqual([200, 503])
    await program.kill('SIGKILL')
    program = await startProgram({ folder })
    await program.get('/api/visitors')
    expectKept(told)
    await expectSoundIn(path())
  })

  it('at the start, it ends with a sentence', async () => {
    const [command, ...args] = [...failing('1+', 'EIO'), process.execPath, 'collector/bin.js', 'serve']
    const child = spawn(command!, args, {
      cwd: join(import.meta.dirname, '../..'),
      env: { ...process.env, NODE_ENV: 'test', PORT: '0', DATABASE_URL: `file:${path()}` },
    })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text))
    const [status] = await once(child, 'close')
    expect(said).toMatch(/leadlight\.db cannot be opened .*DATABASE_URL/)
    expect(said).not.toMatch(/^\s+at /m)
    expect(status).toBe(1)
    expect(injected()).toBeGreaterThan(0)
  })
})
