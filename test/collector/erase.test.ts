/** What a person may ask for: all that is held of them; and its end, in rows and in bytes, for good. */
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Failure, Visitor, VisitorPage } from '../../shared/answer.ts'
import { PersonExport } from '../../shared/answer-privacy.ts'
import { isOnPostgres } from '../database.ts'
import { BROWSER, beacon, type Collector, newId, startCollector, type Verdict } from './collector.ts'
import { rowsOf, secrets, telling } from './traces.ts'

type Fault = (typeof Failure)['_output']
interface RejectedPage {
  readonly items: readonly { readonly code: string; readonly id: string | null }[]
  readonly counts: Readonly<Record<string, number>>
}

const PHONE = 'a1'.padEnd(32, '0')
const LAPTOP = 'b2'.padEnd(32, '0')
const ANN = secrets('ann')
const page = (path = 'pricing') => ({ type: 'page', url: `https://shop.example/${path}` })
const identify = (traits: object) => ({ type: 'identify', traits })

let collector: Collector
beforeEach(async () => {
  collector = await startCollector()
})
afterEach(() => collector.end())

const send = (visitor: string, events: readonly object[], key = collector.key()) =>
  collector.ask<Verdict>('/e', { method: 'POST', headers: BROWSER, body: beacon(key, events, { visitor }) })
const find = (ref: string, query = '') => collector.admin<Visitor>(`/api/visitors/${encodeURIComponent(ref)}${query}`)
const erase = (ref: string, query = '') =>
  collector.admin<{ people: number; events: number } & Fault>(
    `/api/visitors/${encodeURIComponent(ref)}${query}`,
    'DELETE',
  )
const exported = (ref: string, query = '') =>
  collector.admin<PersonExport>(`/api/visitors/${encodeURIComponent(ref)}/export${query}`)
/** Ann, with two browsers that turned out to be hers, seen by all that a page can tell. */
const meetAnn = async (key = collector.key()): Promise<void> => {
  await send(PHONE, [page(`u/${ANN.word}`), identify(ANN.traits), { type: 'search', query: ANN.word }], key)
  await send(LAPTOP, [page(), { type: 'form', form: 'demo', step: 'submit', traits: ANN.traits }], key)
  await send(LAPTOP, [{ type: 'track', name: 'note', props: { about: ANN.word } }], key)
}
const databasePath = (): string => join(collector.folder, 'test.db')

describe('DELETE /api/visitors/:id', () => {
  it('leaves no row that tells of them, in any table, and nobody else the poorer', async () => {
    await meetAnn()
    await send('c3'.padEnd(32, '0'), [page(), identify({ email: 'bob@acme.example', name: 'Bob' })])
    const before = telling(await rowsOf(collector), ANN)
    expect(before.length).toBeGreaterThan(6)
    const { status, body } = await erase(ANN.email)
    expect([status, body]).toEqual([200, { people: 1, events: 6 }])
    expect(telling(await rowsOf(collector), ANN)).toEqual([])
    expect(telling(await rowsOf(collector), { all: [PHONE, LAPTOP] })).toEqual([])
    expect((await find('bob@acme.example')).body.views).toBe(1)
    const list = await collector.admin<VisitorPage>('/api/visitors')
    expect(list.body.items.map(({ traits }) => traits.name)).toEqual(['Bob'])
  })

  it.each(['email', 'the first browser', 'the other browser', 'our id'])('finds them by %s', async (by) => {
    await meetAnn()
    const { id } = (await find(ANN.email)).body
    const refs = { email: ANN.email, 'the first browser': PHONE, 'the other browser': LAPTOP, 'our id': id }
    expect((await erase(refs[by as keyof typeof refs])).body.people).toBe(1)
    for (const ref of Object.values(refs)) expect((await find(ref)).status).toBe(404)
  })

  it('says so where there is nobody, or nobody any more', async () => {
    await meetAnn()
    expect((await erase('x')).status).toBe(404)
    await erase(PHONE)
    expect((await erase(PHONE)).body.error.code).toBe('not_found')
    expect((await erase(PHONE, '?mode=forget')).status).toBe(400)
  })

  it('takes them from every site that knows the name, or from one alone', async () => {
    for (const site of ['default', 'demo']) await meetAnn(collector.key(site))
    expect((await erase(ANN.email, '?site=demo')).body.people).toBe(1)
    expect([(await find(ANN.email, '?site=default')).status, (await find(ANN.email, '?site=demo')).status]).toEqual([
      200, 404,
    ])
    await collector.admin('/api/sites', 'POST', { name: 'third' })
    await meetAnn(collector.key('third'))
    expect((await erase(ANN.email)).body.people).toBe(2)
  })

  it('never numbers what follows as what was before, so that nobody who listens misses it', async () => {
    await meetAnn()
    const cursor = await headOf()
    await erase(PHONE)
    await collector.running.stop()
    collector = await startCollector({}, collector.folder)
    await send('c3'.padEnd(32, '0'), [page()])
    expect(await headOf()).toBeGreaterThan(cursor)
  })

  it('tells no more of what was rejected', async () => {
    await meetAnn()
    const late = { ...page(), id: `${newId()}-${ANN.email}`, url: 5 }
    await send(PHONE, [late])
    expect(telling(await rowsOf(collector), ANN).some(({ table }) => table === 'rejected')).toBe(true)
    await erase(PHONE)
    expect(telling(await rowsOf(collector), ANN)).toEqual([])
  })
})

const headOf = async (): Promise<number> => {
  const answer = await fetch(`${collector.url}/api/live`, {
    headers: { authorization: 'Bearer admin_token_for_tests_0123456789' },
  })
  const { value } = await answer.body!.getReader().read()
  return Number(/id: (\d+)/.exec(new TextDecoder().decode(value))![1])
}

/** All that reports are read from. */
const counts = async (): Promise<readonly string[]> =>
  (await rowsOf(collector))
    .filter(({ table }) => table === 'aggregate')
    .map(({ text }) => text)
    .toSorted()

// On PostgreSQL a count is the sum of several rows: see the contract of erasing.
describe.skipIf(isOnPostgres)('the counts of reports', () => {
  it('are as if the erased had never been', async () => {
    await send('c3'.padEnd(32, '0'), [page()])
    const before = await counts()
    await meetAnn()
    await collector.admin(`/api/visitors/${PHONE}/feedback`, 'POST', { verdict: 'meeting' })
    expect(await counts()).not.toEqual(before)
    await erase(PHONE)
    expect(await counts()).toEqual(before)
  })

  it('are so too where another model moved them, which was counted nowhere', async () => {
    await meetAnn()
    const { stage } = (await find(ANN.email)).body
    const at = (enter: number) => ({ enter, leave: enter - 10 })
    const patch = { stages: { interest: at(60), evaluation: at(61), intent: at(62) } }
    const { status, body } = await collector.admin<{ version: number }>('/api/models', 'POST', {
      patch,
      reason: 'a trial',
    })
    expect(status).toBe(201)
    await collector.admin(`/api/models/${body.version}/publish?wait=10`, 'POST', { reason: 'a trial' })
    expect((await find(ANN.email)).body.stage).not.toBe(stage)
    await erase(ANN.email)
    expect(await counts()).toEqual([])
  })

  it('keep those who became nobody, in what they are now', async () => {
    await meetAnn()
    await erase(PHONE, '?mode=anonymize')
    const left = (await counts()).filter((text) => !text.includes(' move '))
    const { body } = await collector.admin<{ version: number }>('/api/models', 'POST', { patch: { name: 'Same' } })
    // Publishing counts everyone anew.
    await collector.admin(`/api/models/${body.version}/publish?wait=10`, 'POST', { reason: 'a trial' })
    expect(left.length).toBeGreaterThan(3)
    expect((await counts()).filter((text) => !text.includes(' move '))).toEqual(left)
  })
})

describe('DELETE ?mode=anonymize', () => {
  it('leaves what they did as nobody’s, and no row that tells who it was', async () => {
    await meetAnn()
    const { body: ann } = await find(ANN.email)
    await collector.admin(`/api/visitors/${ann.id}/feedback`, 'POST', { verdict: 'meeting', reason: ANN.word })
    const before = await rowsOf(collector)
    const { body } = await erase(ANN.email, '?mode=anonymize')
    expect(body).toEqual({ people: 1, events: 7 })
    const rows = await rowsOf(collector)
    expect(telling(rows, { all: [...ANN.all, PHONE, LAPTOP, ann.id] })).toEqual([])
    const count = (some: typeof rows, table: string) => some.filter((row) => row.table === table).length
    for (const table of ['event', 'transition']) expect(count(rows, table)).toBe(count(before, table))
    const { items } = (await collector.admin<VisitorPage>('/api/visitors')).body
    expect(items.map(({ traits, views, stage, qualification }) => [traits, views, stage, qualification])).toEqual([
      [{}, ann.views, ann.stage, 'anonymous'],
    ])
    expect((await send(PHONE, [page()])).body.rejected[0]!.code).toBe('erased')
  })

  it('writes what a replay gives, so that another model finds the same person', async () => {
    await meetAnn()
    await erase(ANN.email, '?mode=anonymize')
    const list = async () => (await collector.admin<VisitorPage>('/api/visitors')).body.items
    const [nobody] = await list()
    const past = await find(nobody!.id, `?at=${new Date().toISOString()}`)
    expect([past.body.score, past.body.stage, past.body.views]).toEqual([nobody!.score, nobody!.stage, nobody!.views])
    const { body } = await collector.admin<{ version: number }>('/api/models', 'POST', { patch: { name: 'Same' } })
    await collector.admin(`/api/models/${body.version}/publish?wait=10`, 'POST', { reason: 'a trial' })
    expect((await list())[0]).toMatchObject({ id: nobody!.id, stage: nobody!.stage, views: nobody!.views })
  })
})

describe('GET /api/visitors/:id/export', () => {
  it('holds, word for word, whatever any table tells of them, and of nobody else', async () => {
    await meetAnn()
    await send(PHONE, [{ ...page(), id: `${newId()}-${ANN.email}`, url: 5 }])
    await send('c3'.padEnd(32, '0'), [page(), identify({ email: 'bob@acme.example', name: 'Bob' })])
    const ours = await find(ANN.email)
    await collector.admin(`/api/visitors/${ours.body.id}/feedback`, 'POST', { verdict: 'meeting', reason: ANN.word })
    const { body, text, headers } = await exported(ANN.email)
    expect(headers.get('content-disposition')).toMatch(/^attachment/)
    PersonExport.parse(body)
    const [person] = body.people
    expect(person!.visitor).toMatchObject({ id: ours.body.id, traits: ANN.traits })
    expect(person!.parts.flatMap(({ names }) => names.map(({ value }) => value)).toSorted()).toEqual(
      [PHONE, LAPTOP, ANN.email].toSorted(),
    )
    const texts = telling(await rowsOf(collector), { all: [...ANN.all, PHONE, LAPTOP] })
    expect([...new Set(texts.map(({ table }) => table))].toSorted()).toEqual([
      ...['aggregate', 'event', 'name', 'rejected', 'transition', 'visitor'],
    ])
    const stored = (await rowsOf(collector)).filter(({ table }) => table === 'event')
    expect(person!.events.length).toBe(stored.length - 2)
    expect(person!.events.map(({ type }) => type)).toContain('feedback')
    expect(person!.rejected.map(({ id }) => id)).toEqual([expect.stringContaining(ANN.email)])
    expect(person!.explanation.items.length).toBeGreaterThan(3)
    expect(person!.transitions.map(({ to }) => to)).toContain('iql')
    expect(person!.merges).toEqual([expect.objectContaining({ into: person!.visitor.id, undoneAt: null })])
    for (const secret of ANN.all.filter((secret) => secret !== ANN.user)) expect(text).toContain(secret)
    expect(text).not.toContain('Bob')
  })

  it('holds what every site knows', async () => {
    for (const site of ['default', 'demo']) await meetAnn(collector.key(site))
    expect((await exported(ANN.email)).body.people.map(({ visitor }) => visitor.site)).toEqual(['default', 'demo'])
    const one = await exported(ANN.email, '?site=demo')
    expect(one.body.people.map(({ visitor }) => visitor.site)).toEqual(['demo'])
    expect((await exported('x')).status).toBe(404)
  })
})

describe('who was erased', () => {
  const server = async (path: string, body: object) => {
    const { body: made } = await collector.admin<{ secret: string }>('/api/keys', 'POST', { kind: 'write' })
    return collector.ask(`/v1/${path}`, { method: 'POST', token: made.secret, body: JSON.stringify(body) })
  }

  it.each<readonly [string, () => Promise<{ readonly body: Verdict }>]>([
    ['a queue in the first browser', () => send(PHONE, [page()])],
    ['one in the other', () => send(LAPTOP, [page()])],
    ['an address given in a new browser', () => send('d4'.padEnd(32, '0'), [identify({ email: ANN.email })])],
    ['the same in capitals', () => send('d4'.padEnd(32, '0'), [identify({ email: ANN.email.toUpperCase() })])],
    ['the company itself', () => server('track', { userId: ANN.user, event: 'Note', messageId: newId() })],
    ['an alias', () => server('alias', { userId: 'new', previousId: ANN.user, messageId: newId() })],
  ])('is refused from %s, and listed without an id', async (_, late) => {
    await meetAnn()
    await server('identify', { userId: ANN.user, anonymousId: PHONE, traits: {}, messageId: newId() })
    await erase(PHONE)
    const { body } = await late()
    expect([body.accepted, body.rejected.map(({ code }) => code)]).toEqual([0, ['erased']])
    const { body: rejected } = await collector.admin<RejectedPage>('/api/rejected')
    expect(rejected.items[0]).toMatchObject({ code: 'erased', id: null })
    expect(rejected.counts.erased).toBe(1)
    expect(telling(await rowsOf(collector), ANN)).toEqual([])
  })

  it('does not stand in the way of others in the same batch, or on another site', async () => {
    await meetAnn()
    await erase(PHONE)
    const { body } = await send('d4'.padEnd(32, '0'), [page(), identify({ email: ANN.email }), page()])
    expect([body.accepted, body.rejected.map(({ index }) => index)]).toEqual([2, [1]])
    expect((await send(PHONE, [page()], collector.key('demo'))).body.accepted).toBe(1)
  })

  it('is refused after a restart, too', async () => {
    await meetAnn()
    await erase(PHONE)
    await collector.running.stop()
    collector = await startCollector({}, collector.folder)
    expect((await send(LAPTOP, [page()])).body.rejected[0]!.code).toBe('erased')
  })

  it.skipIf(isOnPostgres)('goes again when a backup brings them back', async () => {
    await meetAnn()
    await send('c3'.padEnd(32, '0'), [page()])
    await collector.running.stop()
    const backup = join(mkdtempSync(join(tmpdir(), 'leadlight-')), 'backup.db')
    copyFileSync(databasePath(), backup)
    collector = await startCollector({}, collector.folder)
    await erase(ANN.email)
    await collector.running.stop()
    for (const part of ['', '-wal', '-shm']) rmSync(databasePath() + part, { force: true })
    copyFileSync(backup, databasePath())
    expect(telling(await rowsOf(collector), ANN).length).toBeGreaterThan(6)
    collector = await startCollector({}, collector.folder)
    expect((await find(ANN.email)).status).toBe(404)
    expect((await find('c3'.padEnd(32, '0'))).status).toBe(200)
    expect(telling(await rowsOf(collector), ANN)).toEqual([])
    expect((await send(PHONE, [page()])).body.rejected[0]!.code).toBe('erased')
  })

  it('is remembered in a file of hashes that only its owner reads, and that a cut-off line does not spoil', async () => {
    await meetAnn()
    const path = isOnPostgres ? join(collector.folder, 'leadlight.erased') : `${databasePath()}.erased`
    writeFileSync(path, 'mark 0123', { flag: 'a' })
    await erase(PHONE)
    const text = readFileSync(path, 'utf8')
    expect(statSync(path).mode & 0o077).toBe(0)
    expect(text.split('\n').filter((line) => /^mark [0-9a-f]{64}$/.test(line)).length).toBeGreaterThanOrEqual(4)
    for (const secret of [...ANN.all, PHONE, LAPTOP]) expect(text).not.toContain(secret)
    await collector.running.stop()
    collector = await startCollector({}, collector.folder)
    expect((await send(PHONE, [page()])).body.rejected[0]!.code).toBe('erased')
  })
})

describe.skipIf(isOnPostgres)('the bytes', () => {
  it('of the erased are gone from the file and its log, however often rows have moved', async () => {
    const people = Array.from({ length: 60 }, (_, n) => ({ n, id: `${n}`.padStart(32, 'f'), ...secrets(`p${n}`) }))
    for (let round = 0; round < 12; round += 1)
      await Promise.all(
        people
          .filter(({ n }) => (n * 7 + round * 3) % 5 < 3)
          .map(({ id, traits, word }) =>
            send(id, [
              page(`u/${word}`),
              identify(traits),
              { type: 'search', query: `${word} ${'x'.repeat(round * 30)}` },
            ]),
          ),
      )
    const gone = people.filter(({ n }) => n % 3 === 0)
    for (const { email } of gone) expect((await erase(email)).status).toBe(200)
    const bytes = ['', '-wal', '.erased']
      .map((part) => databasePath() + part)
      .filter(existsSync)
      .map((path) => readFileSync(path, 'latin1'))
      .join('')
    expect(gone.flatMap(({ all }) => all).filter((secret) => bytes.includes(secret))).toEqual([])
    expect(people.filter(({ n }) => n % 3 !== 0).every(({ email }) => bytes.includes(email))).toBe(true)
  })
})
