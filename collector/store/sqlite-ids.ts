/**
 * Which event ids are known, by 64 bits of a hash each: the newest in memory and, after a crash, out of the log; the
 * others in sealed runs that are written in one go and never touched again. An index of random keys would write a page
 * of its own for almost every event; here a filter in memory says of a new id that no run holds it.
 */
import { hash } from 'node:crypto'
import type { Terms } from './compact.ts'
import { createFilter } from './filter.ts'
import type { Db } from './sqlite.ts'
import { eventsIn } from './stored.ts'

/** Ids of a run, which all wait while it is sealed: for some ms. And runs that are joined into one. */
const RUN = 16_384
const JOINED = 64
const BYTES = 8

export interface Ids {
  /** `site`: its number, which no other site ever gets, so that one made anew begins empty. */
  readonly has: (site: number, id: string) => boolean
  readonly add: (site: number, id: string) => void
  /** Within a transaction, before anything is added: seals what has piled up. All before it is in the log up to `head`. */
  readonly seal: (head: number) => void
  /** The transaction is on disk. */
  readonly settle: () => void
  /** The transaction was rolled back. */
  readonly undo: () => void
}

/**
 * The chance that a new id is taken for a known one is the number of known ones divided by 2^64: one event lost in 10^9
 * events, once in thirty such databases. Who sends an id on purpose would have to find a second text of the same hash.
 */
const keyOf = (name: string): string => hash('sha256', name, 'binary').slice(0, BYTES)

export const createIds = (db: Db, { terms, run = RUN }: { readonly terms: Terms; readonly run?: number }): Ids => {
  const sql = statements(db)
  const filter = createFilter()
  let recent = new Set<string>()
  /** In a run that is not on disk yet. */
  let sealing: Set<string> | undefined
  /** What is asked for is mostly kept next. */
  let last = { name: '', key: '' }
  let added: string[] = []

  const keyFor = (site: number, id: string): string => {
    const name = `${site}\0${id}`
    if (last.name !== name) last = { name, key: keyOf(name) }
    return last.key
  }

  const join = (upTo: number): void => {
    const old = sql.small.all() as number[]
    if (old.length < JOINED) return
    const target = (sql.last.get() as number) + 1
    sql.insertRun.run(target, 1, upTo)
    sql.joinSlots.run({ target })
    for (const n of old) for (const statement of [sql.removeSlots, sql.removeRun]) statement.run(n)
  }

  const seal = (head: number): void => {
    if (recent.size < run) return
    sealing = recent
    recent = new Set()
    const n = (sql.last.get() as number) + 1
    sql.insertRun.run(n, 0, head)
    const slots = [...Map.groupBy(sealing, slotOf)].sort(([a], [b]) => a - b)
    for (const [slot, members] of slots) sql.insertSlot.run(n, slot, Buffer.from(members.join(''), 'latin1'))
    join(head)
  }

  const isInRuns = (key: string): boolean => {
    const slots = sql.slots.all(slotOf(key)) as Buffer[]
    return slots.some((slot) => holds(slot, Buffer.from(key, 'latin1')))
  }

  for (const slot of sql.allSlots.iterate() as Iterable<Buffer>)
    for (let at = 0; at < slot.length; at += BYTES) filter.add(slot.toString('latin1', at, at + BYTES))
  for (const [site, body] of sql.tail.all(sql.sealed.get() as number) as [number, Buffer][])
    for (const { id } of eventsIn(body, terms)) recent.add(keyFor(site, id))

  return {
    has: (site, id) => {
      const key = keyFor(site, id)
      return recent.has(key) || sealing?.has(key) === true || (filter.mayHold(key) && isInRuns(key))
    },
    add: (site, id) => {
      const key = keyFor(site, id)
      recent.add(key)
      added.push(key)
    },
    seal,
    settle: () => {
      for (const key of sealing ?? []) filter.add(key)
      sealing = undefined
      added = []
    },
    undo: () => {
      if (sealing) recent = sealing
      else for (const key of added) recent.delete(key)
      sealing = undefined
      added = []
    },
  }
}

/** Of 1,024: so the keys that a run has in a slot fill a seventh of a page. */
const slotOf = (key: string): number => (key.charCodeAt(0) << 2) | (key.charCodeAt(1) >> 6)

/** Whether one of the keys, which lie side by side, is this one. */
const holds = (slot: Buffer, key: Buffer): boolean => {
  for (let at = slot.indexOf(key); at >= 0; at = slot.indexOf(key, at + 1)) if (at % BYTES === 0) return true
  return false
}

const statements = (db: Db) => ({
  last: db.prepare('SELECT coalesce(max(n), 0) FROM id_run').pluck(),
  sealed: db.prepare('SELECT coalesce(max(up_to), 0) FROM id_run').pluck(),
  small: db.prepare('SELECT n FROM id_run WHERE level = 0').pluck(),
  insertRun: db.prepare('INSERT INTO id_run (n, level, up_to) VALUES (?, ?, ?)'),
  insertSlot: db.prepare('INSERT INTO id_slot (run, slot, keys) VALUES (?, ?, ?)'),
  joinSlots: db.prepare(
    `INSERT INTO id_slot (run, slot, keys)
     SELECT @target, slot, unhex(group_concat(hex(keys), '')) FROM id_slot
     WHERE run IN (SELECT n FROM id_run WHERE level = 0) GROUP BY slot`,
  ),
  removeSlots: db.prepare('DELETE FROM id_slot WHERE run = ?'),
  removeRun: db.prepare('DELETE FROM id_run WHERE n = ?'),
  slots: db.prepare('SELECT keys FROM id_slot WHERE run IN (SELECT n FROM id_run) AND slot = ?').pluck(),
  allSlots: db.prepare('SELECT keys FROM id_slot').pluck(),
  tail: db.prepare(`SELECT v.site, e.body FROM event e JOIN visitor v ON v.n = e.visitor WHERE e.seq > ?`).raw(),
})
