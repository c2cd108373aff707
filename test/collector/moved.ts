/** A SQLite file as a collector leaves it that has seen much, for a move to PostgreSQL. */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openReader, openWriter } from '../../collector/store/sqlite.ts'
import { createIds } from '../../collector/store/sqlite-ids.ts'
import { HEAD } from '../../collector/store/sqlite-log-sql.ts'
import { createTerms } from '../../collector/store/sqlite-terms.ts'
import { createSqliteViews } from '../../collector/store/sqlite-views.ts'
import { presetNamed } from '../../shared/presets.ts'
import { openSink } from '../outbox/sink.ts'
import { BROWSER, basic, beacon, type Collector, startCollector } from './collector.ts'

export const SECRET = 'a secret that is long enough'
const DAY = 86_400_000

export interface KeptFile {
  readonly path: string
  /** The id of an event that is in the log, of one that was erased and one that was old; all of the site `default`. */
  readonly ids: { readonly kept: string; readonly erased: string; readonly expired: string }
  /** Our ids of everyone in it. */
  readonly people: readonly string[]
  /** A copy for a move to work on, with what lies beside it. */
  readonly copy: (name: string) => string
  readonly remove: () => void
}

const ENVIRONMENT = { LEADLIGHT_SECRET: SECRET, LEADLIGHT_ALLOW_PRIVATE_WEBHOOKS: 'on' }

export const keepMuch = async (): Promise<KeptFile> => {
  const folder = mkdtempSync(join(tmpdir(), 'leadlight-moved-'))
  const path = join(folder, 'test.db')
  const sink = await openSink()
  sink.answer = (response, _, { path: to }) => response.writeHead(to.endsWith('/dead') ? 410 : 204).end()
  const first = await startCollector(ENVIRONMENT, folder)
  await beginWork(first, sink.url)
  await first.running.stop()
  sealIds(path)
  const second = await startCollector(ENVIRONMENT, folder)
  await goOn(second)
  await until(() => count(path, `SELECT count(*) FROM delivery WHERE state = 'delivered'`) > 0)
  await second.running.stop()
  await sink.close()
  return {
    path,
    ids: { kept: 'p1-11', erased: 'p7-11', expired: 'p8-0' },
    people: await peopleOf(path),
    copy: (name) => {
      for (const end of ['', '-wal', '.erased'])
        if (existsSync(path + end)) copyFileSync(path + end, join(folder, name + end))
      return join(folder, name)
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
  for (let waited = 0; !(await isSo()); waited += 20) {
    if (waited > 20_000) throw new Error(`It did not come to be: ${isSo}`)
    await new Promise((go) => setTimeout(go, 20))
  }
}

export const count = (path: string, sql: string): number => {
  const db = openReader(path)
  try {
    return db.prepare(sql).pluck().get() as number
  } finally {
    db.close()
  }
}

const peopleOf = async (path: string): Promise<readonly string[]> => {
  const db = openReader(path)
  const ids = db.prepare('SELECT id FROM visitor ORDER BY id').pluck().all() as string[]
  db.close()
  return ids
}

const EVENTS = ['demo_request', 'pricing', 'Product Added', 'note', 'careers'] as const

/** One call of a history, so many days ago. */
const call = (who: string, n: number, daysAgo: number) => ({
  type: 'track',
  messageId: `${who}-${n}`,
  anonymousId: who,
  event: EVENTS[n % EVENTS.length]!,
  properties: { url: `https://shop.example/blog/${n % 7}`, title: 'A title that many visitors share' },
  timestamp: new Date(Date.now() - daysAgo * DAY).toISOString(),
})

const named = (who: string, daysAgo: number) => ({
  ...call(who, 90, daysAgo),
  type: 'identify',
  userId: `user of ${who}`,
  traits: { email: `${who}@${who.length % 2 ? 'acme' : 'corp'}.example`, name: `Name of ${who}` },
})

const send = async (collector: Collector, batch: readonly object[], token?: string): Promise<void> => {
  const as = token === undefined ? undefined : { authorization: basic(token) }
  const body = JSON.stringify({ batch })
  const answer = as
    ? await collector.ask('/v1/import', { method: 'POST', headers: as, body })
    : await collector.admin('/v1/import', 'POST', { batch })
  if (answer.status !== 200) throw new Error(answer.text)
}

/** Two sites, webhooks, people with a past over some months in one batch, and somebody who comes late. */
const beginWork = async (collector: Collector, hook: string): Promise<void> => {
  await collector.admin('/api/sites', 'POST', { name: 'gone' })
  await collector.admin('/api/sites/gone', 'DELETE')
  await collector.admin('/api/sites', 'POST', { name: 'other' })
  await collector.admin('/api/webhooks', 'POST', { url: hook, label: 'CRM' })
  await collector.admin('/api/webhooks', 'POST', { url: `${hook}/dead`, types: ['lead.handoff'] })
  const { body } = await collector.admin<{ secret: string }>('/api/keys', 'POST', { kind: 'write', site: 'other' })
  const people = Array.from({ length: 24 }, (_, n) => `p${n}`)
  await send(
    collector,
    people.flatMap((who, n) => [
      ...Array.from({ length: 12 }, (_, i) => call(who, i, 80 - 7 * i + (n % 5))),
      ...(n % 3 ? [named(who, 2)] : []),
    ]),
  )
  await send(
    collector,
    people.slice(0, 7).flatMap((who) => [call(who, 0, 20), call(who, 1, 1), named(who, 1)]),
    body.secret,
  )
  for (const who of ['p1', 'p2']) await send(collector, [call(who, 50, 30)])
}

/** A place in the log beyond the first blocks of places on PostgreSQL. */
const FAR = 300_000

/** As if so many had come that the ids of those before were written down by themselves. */
const sealIds = (path: string): void => {
  const { db, close } = openWriter(path)
  const ids = createIds(db, { terms: createTerms(db), run: 1 })
  db.transaction(() => ids.seal(db.prepare(HEAD).pluck().get() as number))()
  // An erasure keeps its place; all that follows comes after it.
  db.prepare('INSERT INTO erasure (seq, at, tidy) VALUES (?, ?, 1)').run(FAR, Date.now())
  close()
}

/** Merged, taken apart, erased, made nobody, judged, refused; another model, a draft, and a time after which all is deleted. */
const goOn = async (collector: Collector): Promise<void> => {
  const { admin } = collector
  const must = async (path: string, method: string, body?: unknown): Promise<{ version: number }> => {
    const answer = await admin<{ version: number }>(path, method, body)
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.text}`)
    return answer.body
  }
  const idOf = async (ref: string): Promise<string> =>
    (await admin<{ id: string }>(`/api/visitors/${ref}?site=default`)).body.id
  const join = async (from: string, into: string) =>
    must('/api/visitors/merge', 'POST', { from: await idOf(from), into: await idOf(into) })
  await join('p9', 'p10')
  await join('p10', 'p11')
  await join('p12', 'p13')
  await must(`/api/visitors/${await idOf('p13')}/unmerge`, 'POST')
  await must(`/api/visitors/${await idOf('p7')}`, 'DELETE')
  await must(`/api/visitors/${await idOf('p4')}?mode=anonymize`, 'DELETE')
  await must(`/api/visitors/${await idOf('p5')}/feedback`, 'POST', { verdict: 'rejected', reason: 'too small' })
  await must(`/api/visitors/${await idOf('p6')}/adjust`, 'POST', { points: 5, group: 'engage', reason: 'met' })
  const draft = (model: string) =>
    must('/api/models', 'POST', { model: presetNamed(model as 'long'), reason: 'a trial' })
  const { version } = await draft('long')
  await must(`/api/models/${version}/publish?wait=20`, 'POST', { reason: 'better', approver: 'Bob' })
  await draft('short')
  const events = [{ type: 'page', url: 'https://shop.example/pricing' }, { type: 'nonsense' }]
  const body = beacon(collector.key(), events)
  await collector.ask('/e', { method: 'POST', headers: BROWSER, body })
  await send(collector, [named('late', 0), { ...call('p7', 60, 0), userId: 'user of p7' }])
  await must('/api/sites/default', 'PATCH', { retentionDays: 45 })
  await until(() => holdsOpening(collector))
}

const holdsOpening = async (collector: Collector): Promise<boolean> => {
  const db = openReader(`${collector.folder}/test.db`)
  const entries = await createSqliteViews(db).read(0, 100_000)
  db.close()
  return entries.some(({ what }) => 'event' in what && what.event.type === 'opening')
}
