/** What keeping an event costs: processor time of the append, bytes of the write-ahead log, bytes that stay, by table and index. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEdition } from '../collector/edition.ts'
import { newSite } from '../collector/routes/admin.ts'
import { type Db, openWriter } from '../collector/store/sqlite.ts'
import { createSqliteLog } from '../collector/store/sqlite-log.ts'
import { createSqliteSettings } from '../collector/store/sqlite-settings.ts'
import type { Arriving } from '../shared/append.ts'
import { DEFAULT_MODEL } from '../shared/default-model.ts'
import { createDie, happenings } from './history.ts'
import { type Amount, type Figure, median, type Sizes } from './measure.ts'

/** Of one commit. */
const BODIES = 64
const GROUP = 160
/** Sessions under way at a time. */
const ACTIVE = 500
const CHECKPOINT = 20
/** A page and its head, in bytes. */
const FRAME = 4096 + 24
/** No part of what an event takes: what was refused, what is only counted, and what there is once. */
const ASIDE = new Set(['aggregate', 'rejected', 'rejected_count', 'site', 'secret_key', 'model', 'sqlite_schema'])
/** What became of visitors, kept apart from what they did. */
const HISTORY = 'transition'

export const benchStorage = async (sizes: Sizes): Promise<readonly Figure[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'leadlight-bench-'))
  const { db, close } = openWriter(join(folder, 'bench.db'))
  try {
    await createSqliteSettings(db).insertSite(newSite('demo', 0, { allowsAutomation: true }))
    const appended = await append(db, sizes)
    return [...figuresOf(appended), ...kept(db, appended.events)]
  } finally {
    close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Bodies of two events and a half, each of somebody else: as many sessions go on at once as a commit holds bodies. */
function* groups(sizes: Amount): Generator<readonly Arriving[]> {
  const under: Arriving[][] = []
  const sessions = sessionsOf(sizes)
  // It ends while there are still bodies enough for a commit: a smaller one costs more per event.
  for (let isMore = true; isMore || under.length >= BODIES; ) {
    while (isMore && under.length < ACTIVE) {
      const { value, done } = sessions.next()
      isMore = !done
      const own = under.find(([first]) => first?.who.anonymous === value?.[0]?.who.anonymous)
      if (own && value) own.push(...value)
      else if (value) under.push(value)
    }
    const group: Arriving[] = []
    for (let i = 0; i < under.length && group.length < GROUP; i += 1) group.push(...under[i]!.splice(0, 2 + (i & 1)))
    under.push(...under.splice(0, BODIES))
    for (let i = under.length - 1; i >= 0; i -= 1) if (under[i]!.length === 0) under.splice(i, 1)
    yield group
  }
}

/** The id of a browser. */
export const anonymousOf = (visitor: number): string =>
  (Math.imul(visitor + 1, 0x9e3779b1) >>> 0).toString(16).padStart(32, '5ad1c0de')

function* sessionsOf({ events, visitors }: Amount): Generator<Arriving[]> {
  let session: Arriving[] = []
  for (const { visitor, event } of happenings(visitors, events)) {
    const anonymous = anonymousOf(visitor)
    if (session.length > 0 && session[0]!.who.anonymous !== anonymous) {
      yield session
      session = []
    }
    session.push({ site: 'demo', who: { anonymous }, event: { ...event, ...idsOf(event) } })
  }
  yield session
}

const die = createDie(7)
/** The view under way, and how many events it has had. */
let view = { was: '', name: '', events: 0 }
/** Ids as the snippet makes them: 64 random bits for a view, and a number after them for each of its events. */
export const idsOf = ({ view: was = '' }: { readonly view?: string }) => {
  if (was !== view.was) {
    const half = () => BigInt(Math.floor(die() * 2 ** 32))
    view = { was, name: ((half() << 32n) + half()).toString(36), events: 0 }
  }
  view.events += 1
  return { id: `${view.name}${view.events}`, view: view.name }
}

/** Frames that the write-ahead log held; it begins anew afterwards. */
const checkpoint = (db: Db): number => (db.pragma('wal_checkpoint(PASSIVE)') as [{ log: number }])[0].log

interface Appended {
  readonly events: number
  readonly early: number
  readonly late: number
  readonly frames: number
}

const append = async (db: Db, sizes: Amount): Promise<Appended> => {
  const edition = createEdition({ version: 1, model: DEFAULT_MODEL })
  const die = createDie(3)
  const newId = (): string => Array.from({ length: 32 }, () => Math.floor(die() * 16).toString(16)).join('')
  const log = createSqliteLog(db, { scoring: () => edition, newId, now: () => Date.UTC(2026, 5, 1) })
  const times: number[] = []
  let [events, frames] = [0, 0]
  for (const group of groups(sizes)) {
    const start = process.cpuUsage()
    await log.append(group, [])
    const { user, system } = process.cpuUsage(start)
    times.push((user + system) / group.length)
    events += group.length
    if (times.length % CHECKPOINT === 0) frames += checkpoint(db)
  }
  frames += checkpoint(db)
  const part = times.length >> 3
  return { events, frames, early: median(times.slice(part, 2 * part)), late: median(times.slice(-part)) }
}

const figuresOf = ({ events, early, late, frames }: Appended): readonly Figure[] => [
  {
    what: `append ${events} events`,
    value: `${late.toFixed(1)} µs/event`,
    baseline: `${early.toFixed(1)} µs/event`,
    ratio: (late / early).toFixed(2),
    note: 'processor time of fold and commit; the last eighth against the second',
  },
  { what: '  write-ahead log', ...bytes((frames * FRAME) / events), note: `a checkpoint each ${CHECKPOINT} commits` },
]

const bytes = (each: number) => ({ value: `${each.toFixed(1)} B/event`, baseline: '', ratio: '' })

const kept = (db: Db, events: number): readonly Figure[] => {
  const rows = db
    .prepare(
      `SELECT d.name, s.type, s.tbl_name AS owner, sum(d.pgsize) AS size FROM dbstat d
       JOIN sqlite_schema s ON s.name = d.name GROUP BY d.name ORDER BY size DESC`,
    )
    .all() as { name: string; type: string; owner: string; size: number }[]
  const counted = rows.filter(({ owner }) => !ASIDE.has(owner))
  const total = (isOfIt: (row: (typeof rows)[number]) => boolean = () => true): number =>
    counted.filter(isOfIt).reduce((sum, { size }) => sum + size, 0)
  return [
    {
      what: '  on disk',
      ...bytes(total(({ owner }) => owner !== HISTORY) / events),
      note: 'log, ids, visitors, outbox and their indexes; up to 16,384 ids wait in memory',
    },
    { what: '  with transitions', ...bytes(total() / events) },
    { what: '  of these tables', ...bytes(total(({ type }) => type === 'table') / events) },
    { what: '  of these indexes', ...bytes(total(({ type }) => type === 'index') / events) },
    ...counted
      .filter(({ size }) => size / events > 0.05)
      .map(({ type, name, size }) => ({ what: `    ${type} ${name}`, ...bytes(size / events) })),
  ]
}
