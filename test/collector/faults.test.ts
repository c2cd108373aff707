/** The real program, killed, stopped, starved and misled: nothing that was acknowledged is lost, and it says why. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Program, startProgram } from '../e2e/program.ts'
import { expectKeptIn, expectSoundIn } from './kept.ts'
import { nothingTold, startLoad, type Told } from './load.ts'

const ROOT = join(import.meta.dirname, '../..')
const isFull = process.env.GATES === 'full'
const KILLS = isFull ? 200 : 10
const RESTARTS = isFull ? 50 : 5
const FULL_DISKS = isFull ? 10 : 2

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const file = (folder: string) => join(folder, 'leadlight.db')

let folder: string
let program: Program | undefined
const homes: string[] = []
const newFolder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'leadlight-'))
  homes.push(made)
  return made
}
beforeEach(() => {
  folder = newFolder()
})
afterEach(async () => {
  await program?.kill('SIGKILL')
  program = undefined
})
afterAll(() => {
  for (const home of homes) rmSync(home, { recursive: true, force: true })
})

/** Of a site that scores programs as well: nobody reads as fast as the load does. */
const keyOf = async ({ get }: Program): Promise<string> =>
  (await get<{ items: { name: string; key: string }[] }>('/api/sites')).items.find(({ name }) => name === 'demo')!.key

const expectKept = (told: Told): void => expectKeptIn(file(folder), told)
const expectSound = (): Promise<number> => expectSoundIn(file(folder))

describe('killed in the midst of work', () => {
  it(
    `${KILLS} times, it has every acknowledged event, once, and scores as if nothing had been`,
    async () => {
      const told = nothingTold()
      for (let round = 0; round < KILLS; round += 1) {
        program = await startProgram({ folder })
        const load = startLoad({ url: program.url, key: await keyOf(program), name: `kill-${round}`, told })
        const before = told.acked.size
        while (told.acked.size === before) await sleep(5)
        await sleep(Math.random() * 500)
        expect(load.underWay(), 'it is killed while there is work').toBeGreaterThan(0)
        await program.kill('SIGKILL')
        await load.stop()
        if (round % 20 === 0) expectKept(told)
      }
      program = await startProgram({ folder })
      expectKept(told)
      expect(await expectSound()).toBeGreaterThan(10)
      expect([...told.refusals]).toEqual([])
      console.log(`  ${KILLS} kills: ${told.acked.size} events acknowledged, ${told.unknown.size} unknown, none lost`)
    },
    60_000 + KILLS * 10_000,
  )
})

describe('told to stop in the midst of work', () => {
  it(
    `${RESTARTS} times, it answers what it took, ends in time and well, and loses nothing`,
    async () => {
      const told = nothingTold()
      const times: number[] = []
      for (let round = 0; round < RESTARTS; round += 1) {
        program = await startProgram({ folder })
        const watching = await fetch(`${program.url}/api/live`, {
          headers: { authorization: `Bearer ${program.token}` },
        })
        const load = startLoad({ url: program.url, key: await keyOf(program), name: `stop-${round}`, told })
        await sleep(300)
        expect(load.underWay()).toBeGreaterThan(0)
        const start = performance.now()
        expect(await program.kill('SIGTERM')).toBe(0)
        times.push(performance.now() - start)
        await load.stop()
        await watching.text().catch(() => {})
        expectKept(told)
      }
      // It may take ten seconds, but not because nobody tells the clients to go.
      expect(Math.max(...times)).toBeLessThan(5000)
      expect(await expectSound()).toBeGreaterThan(10)
      expect([...told.refusals]).toEqual([])
      console.log(
        `  ${RESTARTS} stops: ${told.acked.size} events acknowledged, the longest ${Math.max(...times).toFixed(0)} ms`,
      )
    },
    60_000 + RESTARTS * 12_000,
  )
})

/** A file system of its own for the folder, small enough to be filled, and with room for what is written in between. */
const mountSmall = (at: string): boolean => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', at], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
const canMount = ((): boolean => {
  const at = newFolder()
  const done = mountSmall(at)
  if (done) execFileSync('umount', [at])
  else console.warn('  Skipped: no file system can be mounted here, so none can be filled.')
  return done
})()

describe.skipIf(!canMount)('on a disk that is full', () => {
  beforeEach(() => void mountSmall(folder))
  afterEach(async () => {
    await program?.kill('SIGKILL')
    execFileSync('umount', [folder])
  })

  it(`${FULL_DISKS} times, it takes no more, shows what it has, says so, and goes on when there is room`, async () => {
    program = await startProgram({ folder })
    const { url, token } = program
    const key = await keyOf(program)
    const told = nothingTold()
    const ballast = join(folder, 'ballast')
    const get = (path: string) => fetch(url + path, { headers: { authorization: `Bearer ${token}` } })
    const until = async (path: string, status: number): Promise<number> => {
      const start = performance.now()
      while ((await get(path)).status !== status) {
        expect(performance.now() - start, `${path} becomes ${status}`).toBeLessThan(15_000)
        await sleep(100)
      }
      return performance.now() - start
    }
    for (let cycle = 0; cycle < FULL_DISKS; cycle += 1) {
      expect((await get('/readyz')).status).toBe(200)
      const { bavail, bsize } = statfsSync(folder)
      writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail - 20) * bsize))
      const load = startLoad({ url, key, name: `full-${cycle}`, clients: 4, told })
      const before = told.refusals.get(503) ?? 0
      for (let tries = 0; (told.refusals.get(503) ?? 0) === before && tries < 200; tries += 1) await sleep(50)
      expect(told.refusals.get(503), 'the disk is full').toBeGreaterThan(before)
      await load.stop()
      const red = await get('/readyz')
      expect([red.status, red.headers.get('retry-after')]).toEqual([503, expect.stringMatching(/^\d+$/)])
      const made = await fetch(`${url}/api/sites`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: JSON.stringify({ name: `site-${cycle}`, origins: Array(90).fill(`${'x'.repeat(200)}.example`) }),
      })
      expect([201, 503]).toContain(made.status)
      for (const path of [
        '/healthz',
        '/api/visitors',
        '/api/sites',
        '/api/rejected',
        `/api/visitors/full-${cycle}-1/timeline`,
      ])
        expect((await get(path)).status, path).toBe(200)
      rmSync(ballast)
      await until('/readyz', 200)
      const more = startLoad({ url, key, name: `room-${cycle}`, clients: 2, told })
      const acked = told.acked.size
      for (let tries = 0; told.acked.size === acked && tries < 100; tries += 1) await sleep(20)
      await more.stop()
      expect(told.acked.size, 'it goes on').toBeGreaterThan(acked)
    }
    expect(told.impatient, 'refusals that do not say when to come back').toBe(0)
    expect([...told.refusals.keys()]).toEqual([503])
    expectKept(told)
    await expectSound()
    console.log(
      `  ${FULL_DISKS} full disks: ${told.acked.size} events acknowledged, ${told.refusals.get(503)} bodies put off`,
    )
  }, 120_000)
})

const SLOW = 1000
const PATIENCE = 30_000

/** Half a minute of waiting, whatever their number: only with `GATES=full`. */
describe.skipIf(!isFull)('held by sockets that are slow', () => {
  /** Sends a byte a second, and tells when it was shown the door. */
  const dawdle = (port: number, head: string): Promise<number> =>
    new Promise((resolve) => {
      const start = performance.now()
      const socket = connect(port, '127.0.0.1', () => socket.write(head))
      const drip = setInterval(() => socket.write('x'), 1000)
      socket.on('error', () => {})
      socket.on('close', () => {
        clearInterval(drip)
        resolve(performance.now() - start)
      })
    })

  it(`${SLOW} at once, it serves the others, and is rid of them within ${PATIENCE / 1000} s`, async () => {
    program = await startProgram({ folder })
    const port = Number(new URL(program.url).port)
    const heads = [
      'POST /e HTTP/1.1\r\nHost: x\r\nX-',
      'POST /e HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n',
      'POST /e HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n',
    ]
    let isOver = false
    const slow = Promise.all(Array.from({ length: SLOW }, (_, n) => dawdle(port, heads[n % heads.length]!))).finally(
      () => {
        isOver = true
      },
    )
    let worst = 0
    while (!isOver) {
      const start = performance.now()
      expect((await fetch(`${program.url}/healthz`)).status).toBe(200)
      worst = Math.max(worst, performance.now() - start)
      await sleep(250)
    }
    const times = await slow
    expect(Math.max(...times)).toBeLessThan(PATIENCE)
    expect(worst).toBeLessThan(2000)
    console.log(
      `  ${SLOW} slow sockets: gone after ${Math.max(...times).toFixed(0)} ms, the others waited ${worst.toFixed(0)} ms`,
    )
  }, 60_000)
})

/** Starts the program and hears it out. */
const hear = async (environment: Record<string, string>, words = ['serve']) => {
  const child: ChildProcess = spawn(process.execPath, [join(ROOT, 'collector/bin.js'), ...words], {
    env: { ...process.env, NODE_ENV: 'test', PORT: '0', DATABASE_URL: `file:${file(folder)}`, ...environment },
  })
  let said = ''
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (text) => (said += text))
  const patience = setTimeout(() => child.kill('SIGKILL'), 15_000)
  const [status] = await once(child, 'close')
  clearTimeout(patience)
  return { status, said }
}
/** It ended in a sentence, not in a heap of our own lines. */
const expectSentence = (
  { status, said }: { status: unknown; said: string },
  ...parts: readonly (string | RegExp)[]
) => {
  for (const part of parts) expect(said).toMatch(part)
  expect(said).not.toMatch(/^\s+at /m)
  expect(status).toBe(1)
}
const damage = (path: string): void => {
  const db = new Database(path)
  db.exec('CREATE TABLE filler AS SELECT zeroblob(200000) AS x')
  db.close()
  writeFileSync(path, Buffer.alloc(40_000, 'x'), { flag: 'r+', flush: true })
}

describe('started where it cannot be, it says in a sentence what to do, and ends with 1', () => {
  it('on a file that another has', async () => {
    program = await startProgram({ folder })
    expectSentence(await hear({}), 'is in use by another Leadlight', 'DATABASE_URL')
    expect(await program.get('/api/sites')).toBeTruthy()
    await program.kill('SIGKILL')
    program = await startProgram({ folder })
    expect(await program.get('/api/sites')).toBeTruthy()
  })

  it('with every mistake of the configuration at once', async () => {
    const mistakes = {
      PORT: 'eighty',
      HOST: '',
      DATABASE_URL: 'mysql://nowhere',
      LEADLIGHT_TOKEN: 'short',
      LEADLIGHT_PUBLIC_URL: 'leads.example.com',
      LEADLIGHT_MODEL: '',
      LEADLIGHT_TRUST_PROXY: 'perhaps',
      LEADLIGHT_DEMO: 'perhaps',
    }
    const heard = await hear(mistakes)
    expectSentence(heard, ...Object.keys(mistakes).map((name) => new RegExp(`^  ${name} takes `, 'm')))
    expect(heard.said).not.toContain('perhaps')
  })

  it.each<readonly [string, () => Record<string, string>, readonly (string | RegExp)[]]>([
    ['with a port that is none', () => ({ PORT: '65536' }), [/PORT takes a port number up to 65535/]],
    [
      'with a model file that is not there',
      () => ({ LEADLIGHT_MODEL: join(folder, 'none.json') }),
      [/LEADLIGHT_MODEL/, /none\.json/],
    ],
    [
      'with a model file that is no JSON',
      () => {
        writeFileSync(join(folder, 'model.json'), '{')
        return { LEADLIGHT_MODEL: join(folder, 'model.json') }
      },
      [/LEADLIGHT_MODEL/, /is not JSON/],
    ],
    ['at an address that is not here', () => ({ HOST: '192.0.2.1' }), [/HOST 192\.0\.2\.1/]],
    [
      'in a folder that cannot be made',
      () => {
        writeFileSync(join(folder, 'taken'), '')
        return { DATABASE_URL: `file:${join(folder, 'taken', 'x.db')}`, LEADLIGHT_TOKEN: 'x'.repeat(20) }
      },
      [/cannot be opened/, /DATABASE_URL/],
    ],
    [
      'on a file that is damaged',
      () => {
        damage(file(folder))
        return {}
      },
      [/is damaged/, /restore a backup/],
    ],
    [
      'on a file of a newer version',
      () => {
        const db = new Database(file(folder))
        db.pragma('user_version = 999')
        db.close()
        return {}
      },
      [/newer Leadlight/, /restore a backup/],
    ],
    ['with a command that is none', () => ({}), [/There is no command/]],
  ])('%s', async (name, environment, says) => {
    expectSentence(await hear(environment(), name.includes('command') ? ['dance'] : ['serve']), ...says)
  })

  it('on a port that another has', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as { port: number }
    expectSentence(await hear({ PORT: String(port) }), `Port ${port} is in use`, `PORT=${port + 1}`)
    taken.close()
  })
})
