/** What becomes of a group of bodies when one of them is more than the collector can take. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAdmission } from '../../collector/admission.ts'
import { createIntake, type Intake } from '../../collector/intake.ts'
import type { RawBody } from '../../collector/raw-body.ts'
import { newSite } from '../../collector/routes/admin.ts'
import { openReader, openWriter } from '../../collector/store/sqlite.ts'
import { createSqliteLog } from '../../collector/store/sqlite-log.ts'
import { createSqliteSettings } from '../../collector/store/sqlite-settings.ts'
import { createSqliteViews } from '../../collector/store/sqlite-views.ts'
import type { EventLog, Views } from '../../collector/store/store.ts'
import { startWriter, type Writer } from '../../collector/writer-thread.ts'
import { DEFAULT_MODEL } from '../../shared/default-model.ts'
import { createFold } from '../../shared/visitor.ts'
import { BROWSER, beacon } from './collector.ts'

const fold = createFold(DEFAULT_MODEL)
/** Cannot take events named so. */
const brittle: typeof fold = {
  ...fold,
  fold: (state, event, effects) => {
    if (event.type === 'track' && event.name === 'poison') throw new TypeError('poison')
    return fold.fold(state, event, effects)
  },
}
const isOutage = (error: unknown): boolean => error instanceof Error && error.message === 'the disk is full'

let folder: string
let views: Views
let intake: Intake
let reported: unknown[]
let close: () => void
let log: EventLog
let appends = 0
/** The append that finds the disk full, counted from 1. */
let fullAt: number | undefined
const site = newSite('default', Date.now())
const strict = newSite('strict', Date.now(), { consent: 'required' })
/** What appends wait for. */
let gate: Promise<unknown> | undefined

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'leadlight-'))
  const path = join(folder, 'test.db')
  const writer = openWriter(path)
  for (const each of [site, strict]) await createSqliteSettings(writer.db).insertSite(each)
  let ids = 0
  const newId = () => String(ids++)
  log = createSqliteLog(writer.db, {
    scoring: () => ({ model: DEFAULT_MODEL, version: 1, foldOf: () => brittle }),
    newId,
    now: Date.now,
  })
  ;[appends, fullAt, reported, gate] = [0, undefined, [], undefined]
  const append: EventLog['append'] = async (...given) => {
    appends += 1
    if (gate) await gate
    return appends === fullAt ? Promise.reject(new Error('the disk is full')) : log.append(...given)
  }
  const admission = createAdmission('', () => {})
  admission.learn([site, strict], [])
  intake = createIntake({
    log: { ...log, append },
    admit: admission.admit,
    digest: (text) => text.slice(0, 32),
    signalOf: (name) => {
      if (name === 'unreadable') throw new TypeError('ingest itself fails')
      return undefined
    },
    isOutage,
    report: (error) => reported.push(error),
  })
  const reader = openReader(path)
  views = createSqliteViews(reader)
  close = () => {
    reader.close()
    writer.close()
  }
})
afterEach(() => {
  close()
  rmSync(folder, { recursive: true, force: true })
})

const body = (visitor: string, ...names: readonly string[]): RawBody => ({
  kind: 'snippet',
  text: beacon(
    site.key,
    names.map((name, n) => ({ id: `${visitor}-${n}`, type: 'track', name })),
    { visitor },
  ),
  received: Date.now(),
  userAgent: BROWSER['user-agent'],
})
const take = async (...bodies: readonly RawBody[]) =>
  (await intake(bodies)).map(({ status, body: text }) => ({ status, ...JSON.parse(text) }))
const stored = async (): Promise<readonly string[]> =>
  (await views.read(0, 1000)).flatMap(({ what }) => ('event' in what ? [what.event.id] : []))

describe('an event that the fold cannot take', () => {
  it('is turned away alone, listed, and spoils none of its group', async () => {
    const answers = await take(body('a', 'x', 'y'), body('b', 'x', 'poison', 'y'), body('c', 'poison'), body('d', 'x'))
    const failed = (index: number, id: string) => ({ index, id, code: 'failed', message: expect.any(String) })
    expect(answers).toEqual([
      { status: 200, accepted: 2, duplicate: 0, rejected: [] },
      { status: 200, accepted: 2, duplicate: 0, rejected: [failed(1, 'b-1')] },
      { status: 200, accepted: 0, duplicate: 0, rejected: [failed(0, 'c-0')] },
      { status: 200, accepted: 1, duplicate: 0, rejected: [] },
    ])
    expect((await stored()).toSorted()).toEqual(['a-0', 'a-1', 'b-0', 'b-2', 'd-0'])
    const { items, counts } = await views.rejected(10)
    expect(items.map(({ id, site: at }) => [id, at]).toSorted()).toEqual([
      ['b-1', 'default'],
      ['c-0', 'default'],
    ])
    expect(counts).toEqual({ failed: 2 })
    expect(reported).toHaveLength(2)
    expect(await views.visitor('c')).toBeUndefined()
  })

  it('is found among many without trying each', async () => {
    const names = Array.from({ length: 2500 }, (_, n) => (n === 1234 ? 'poison' : 'x'))
    expect(await take(body('a', ...names))).toMatchObject([{ accepted: 2499, rejected: [{ index: 1234 }] }])
    expect(appends).toBeLessThan(40)
  })

  it('does not hide what else was rejected, nor list it twice', async () => {
    const unknown = { ...body('b'), text: '{' }
    await take(body('a', 'poison', 'x'), unknown, body('c', 'won'))
    expect((await views.rejected(10)).counts).toEqual({ failed: 1, bad_json: 1, not_allowed: 1 })
  })
})

it('a body that ingest itself fails on is refused, and spoils none of its group', async () => {
  const answers = await take(body('a', 'x'), body('b', 'unreadable'), body('c', 'y'))
  expect(answers).toMatchObject([{ accepted: 1 }, { status: 400, error: { code: 'unreadable' } }, { accepted: 1 }])
  expect((await views.rejected(10)).counts).toEqual({ unreadable: 1 })
  expect(reported).toHaveLength(1)
})

describe('an outage', () => {
  it('fails the whole group, and is not tried again for each', async () => {
    fullAt = 1
    await expect(take(body('a', 'x'), body('b', 'x'))).rejects.toThrow('the disk is full')
    expect([appends, await stored()]).toEqual([1, []])
    expect(reported).toEqual([])
  })

  it('in the midst of a search leaves what was written, which counts as sent twice', async () => {
    fullAt = 3
    const group = [body('a', 'x', 'y'), body('b', 'poison', 'y')]
    await expect(take(...group)).rejects.toThrow('the disk is full')
    expect(await stored()).toEqual(['a-0', 'a-1'])
    expect(await take(...group)).toMatchObject([
      { accepted: 0, duplicate: 2 },
      { accepted: 1, rejected: [{ code: 'failed' }] },
    ])
    expect((await stored()).toSorted()).toEqual(['a-0', 'a-1', 'b-1'])
  })
})

describe('consent on its way into the log', () => {
  const from = (...events: readonly object[]): RawBody => ({
    ...body('a'),
    text: beacon(strict.key, events, { visitor: 'a' }),
  })
  const says = (state: string) => from({ type: 'consent', state })
  const viewed = () => from({ type: 'page', url: 'https://shop.example/' })
  const UNASKED = [{ accepted: 0, rejected: [{ code: 'consent' }] }]

  it('counts for the group behind, in the order of arrival', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    gate = promise
    const groups = [take(viewed()), take(says('granted')), take(viewed()), take(says('denied')), take(viewed())]
    resolve()
    expect(await Promise.all(groups)).toMatchObject([
      UNASKED,
      [{ accepted: 1 }],
      [{ accepted: 1 }],
      [{ accepted: 1 }],
      UNASKED,
    ])
  })

  it('is forgotten once the log knows it: another collector may be told otherwise', async () => {
    await take(says('granted'))
    const { id } = (await views.visitor('a'))!
    await log.tell(id, { id: 'elsewhere', at: Date.now(), type: 'consent', source: 'browser', state: 'denied' })
    expect(await take(viewed())).toMatchObject(UNASKED)
  })

  it('is forgotten where it could not be written', async () => {
    fullAt = 1
    await expect(take(says('granted'))).rejects.toThrow('the disk is full')
    expect(await take(viewed())).toMatchObject(UNASKED)
  })
})

describe('more than the writer can do', () => {
  let writer: Writer
  beforeEach(async () => {
    writer = await startWriter({
      path: join(folder, 'own.db'),
      model: DEFAULT_MODEL,
      sites: [site],
      adminHash: '',
      logFormat: 'text',
    })
  })
  afterEach(() => writer.close())

  it('is refused at once, and taken again when there is room', async () => {
    const heavy = { ...body('a', 'x'), text: `${' '.repeat(500_000)}{}` }
    const statuses = await Promise.all(
      Array.from({ length: 200 }, () => writer.take(heavy).then((each) => each.status)),
    )
    const busy = statuses.filter((status) => status === 503).length
    expect(busy).toBeGreaterThan(40)
    expect(busy).toBeLessThan(100)
    expect((await writer.take(body('a', 'x'))).status).toBe(200)
  })

  it('stops no earlier than all that was taken is written', async () => {
    const answers = Array.from({ length: 300 }, (_, n) => writer.take(body(`v${n}`, 'x')))
    await writer.close()
    expect(new Set((await Promise.all(answers)).map(({ status }) => status))).toEqual(new Set([200]))
    expect(writer.isUp()).toBe(false)
    expect((await writer.take(body('late', 'x'))).status).toBe(503)
    await expect(writer.probe()).rejects.toThrow('The writer has stopped.')
  })
})
