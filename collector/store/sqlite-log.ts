/** The event log on SQLite: each append is one transaction, run by the thread that owns the file. */
import { hash } from 'node:crypto'
import { type Arriving, type Changes, createAppend, type Known, type Profile } from '../../shared/append.ts'
import type { VisitorEvent } from '../../shared/event.ts'
import type { Name } from '../../shared/identity.ts'
import type { Model } from '../../shared/model.ts'
import { pack, unpack } from '../../shared/pack.ts'
import { heatKey, warmthKey } from '../../shared/score.ts'
import type { Fold } from '../../shared/visitor.ts'
import { type Db, isOutage } from './sqlite.ts'
import type { EventLog, Rejected, Scoring } from './store.ts'

/** Only this thread changes profiles, so what it remembers of them is true. */
const REMEMBERED = 20_000
/** Rejected events kept for reading. */
const REJECTED_KEPT = 10_000

export interface LogOptions {
  /** The version of the model that scores at present. */
  readonly scoring: () => Scoring
  readonly newId: () => string
  readonly now: () => number
  /** Profiles kept in memory between two transactions. */
  readonly remembers?: number
}

/** A profile with the number of its row. */
export interface Row extends Profile {
  readonly n: number
}

export const createSqliteLog = (db: Db, options: LogOptions): EventLog => {
  const { scoring, newId, now, remembers = REMEMBERED } = options
  const sql = statements(db)
  const foldOf = (site: string): Fold => scoring().foldOf(site)
  const profiles = new Map<number, Row>()
  /** Where names lead, survivors in place of those merged into them. */
  const names = new Map<string, number>()
  let seq = sql.head.get() as number

  const siteOf = (site: string): number => sql.siteNumber.get(site) as number

  const profileAt = (n: number): Row => {
    const known = profiles.get(n)
    if (known) return known
    const row = sql.profile.get(n) as StoredRow
    const profile = {
      n,
      id: row.id,
      site: row.site,
      user: row.user ?? undefined,
      email: row.email ?? undefined,
      state: row.state === null ? undefined : unpack(row.state),
    }
    profiles.set(n, profile)
    return profile
  }

  /** By our id: the very one, and the survivor they are part of. */
  const byId = (id: string): { readonly own: Row; readonly survivor: Row } | undefined => {
    const found = sql.numbers.get(id) as { n: number; root: number | null } | undefined
    return found && { own: profileAt(found.n), survivor: profileAt(found.root ?? found.n) }
  }

  const find = (site: string, { kind, value }: Name): Row | undefined => {
    const key = `${site}\0${kind}\0${value}`
    const n = names.get(key) ?? (sql.findName.get(siteOf(site), kind, value) as number | undefined)
    if (n === undefined) return undefined
    names.set(key, n)
    return profileAt(n)
  }

  const known: Known = {
    hasEvent: (site, id) => sql.hasEvent.get(keyOf(site, id)) !== undefined,
    findProfile: find,
    history: (profile) => {
      const { n } = profile as Row
      return (sql.history.all(n, n) as string[]).map((body) => JSON.parse(body) as VisitorEvent)
    },
    newId,
    now,
  }

  const changes: Changes = {
    insertEvent: (profile, event) => {
      seq += 1
      sql.insertEvent.run(seq, (profile as Row).n, event.at, keyOf(profile.site, event.id), JSON.stringify(event))
    },
    insertProfile: (profile) => {
      const { lastInsertRowid } = sql.insertProfile.run(profile.id, siteOf(profile.site))
      const row = Object.assign(profile, { n: Number(lastInsertRowid) })
      profiles.set(row.n, row)
    },
    setName: (profile, { kind, value }) => {
      const { site, n } = profile as Row
      sql.setName.run(siteOf(site), kind, value, n)
      names.delete(`${site}\0${kind}\0${value}`)
    },
    merge: (from, into, at) => {
      const [source, target] = [(from as Row).n, (into as Row).n]
      seq += 1
      sql.insertMerge.run(seq, at, source, target)
      sql.absorb.run({ source, target })
      profiles.delete(source)
      names.clear()
    },
    unmerge: (from, into, at) => {
      const [source, target] = [(from as Row).n, (into as Row).n]
      seq += 1
      sql.undoMerge.run({ seq, at, source })
      sql.release.run({ source, target })
      names.clear()
    },
    saveProfile: (profile, transitions) => {
      const { n } = profile as Row
      const { model, version } = scoring()
      for (const { what, from, to, at, event, rule, score } of transitions) {
        seq += 1
        sql.insertTransition.run(seq, n, at, what, from, to, rule, event ?? null, score, version)
      }
      seq += 1
      sql.saveProfile.run(rowOf(profile as Row, { model, fold: foldOf(profile.site), changed: seq }))
    },
  }

  const appender = createAppend(foldOf, known, changes)

  const forget = (): void => {
    profiles.clear()
    names.clear()
    seq = sql.head.get() as number
  }

  /** All or nothing; what was remembered of a failed attempt is forgotten. */
  const atomically = <Result>(work: () => Result): Result => {
    // Never within a transaction: a profile that was touched and not yet saved must not be read again.
    if (profiles.size > remembers || names.size > 4 * remembers) {
      profiles.clear()
      names.clear()
    }
    try {
      return db.transaction(work).immediate()
    } catch (error) {
      forget()
      throw error
    }
  }

  const note = (rejected: readonly Rejected[]): void => {
    for (const { at, site, id, code, message } of rejected) {
      sql.insertRejected.run(at, site ?? null, id, code, message)
      sql.countRejected.run(code)
    }
    if (rejected.length) sql.trimRejected.run(REJECTED_KEPT)
  }

  /** One that cannot be brought forward must not be tried for ever: its next event tries again. */
  const giveUpOn = (n: number, work: () => void): void => {
    try {
      work()
    } catch (error) {
      if (isOutage(error)) throw error
      console.error(`A visitor could not be brought up to date: ${error instanceof Error ? error.stack : error}`)
      atomically(() => sql.stopWaking.run(n))
    }
  }

  return {
    append: async (arriving: readonly Arriving[], rejected) =>
      atomically(() => {
        note(rejected)
        return appender.append(arriving)
      }),
    tell: async (id, event) =>
      atomically(() => {
        const found = byId(id)
        if (found) appender.tell(found.survivor, event)
        return found !== undefined
      }),
    merge: async (from, into, at) =>
      atomically(() => {
        const [source, target] = [byId(from)?.survivor, byId(into)?.survivor]
        if (!source || !target || source === target || source.site !== target.site) return false
        appender.merge(source, target, at)
        return true
      }),
    unmerge: async (id, at) =>
      atomically(() => {
        const found = byId(id)
        if (!found) return undefined
        const { own, survivor } = found
        const part = own === survivor ? (sql.lastMerged.get(own.n) as number | undefined) : own.n
        if (part === undefined) return undefined
        const from = profileAt(part)
        appender.unmerge(from, survivor, at)
        return { from: from.id, into: survivor.id }
      }),
    wake: async (now, limit) => {
      const due = sql.due.all(now, limit) as number[]
      const wakeAll = (some: readonly number[]): void =>
        atomically(() => {
          for (const n of some) appender.wake(profileAt(n), now)
        })
      try {
        wakeAll(due)
      } catch (error) {
        if (isOutage(error)) throw error
        for (const n of due) giveUpOn(n, () => wakeAll([n]))
      }
      return due.length
    },
    consentOf: async (site, anonymous) => find(site, { kind: 'anonymous', value: anonymous })?.state?.consent,
    forget,
  }
}

interface StoredRow {
  readonly id: string
  readonly site: string
  readonly user: string | null
  readonly email: string | null
  readonly state: string | null
}

/** 128 bits that stand for an event id of a site. */
const keyOf = (site: string, id: string): Buffer => hash('sha256', `${site}\0${id}`, 'buffer').subarray(0, 16)

/** What is written of a profile: the values of `SAVE_PROFILE`. */
export const rowOf = (profile: Row, { model, fold, changed }: { model: Model; fold: Fold; changed: number }) => {
  const { state, n, user = null, email = null } = profile
  if (!state) return { ...EMPTY, n, user, email, changed }
  const { traits } = state
  const account = fold.accountOf(state)
  return {
    n,
    user,
    email,
    changed,
    state: pack(state),
    heat: heatKey(state.heat, model) ?? null,
    stage: state.stage,
    qualification: state.qualification,
    grade: fold.fitOf(state).grade,
    account: account ?? null,
    warmth: account === undefined ? null : (warmthKey(state.heat, model) ?? null),
    label: [traits.email, traits.name, traits.company, user]
      .filter((part) => typeof part === 'string')
      .join(' ')
      .toLowerCase(),
    lastSeen: state.seenAt ?? state.lastSeen,
    stageSince: state.stageSince,
    due: fold.dueAt(state) ?? null,
  }
}

const EMPTY = {
  state: null,
  heat: null,
  stage: null,
  qualification: null,
  grade: null,
  account: null,
  warmth: null,
  label: '',
  lastSeen: null,
  stageSince: null,
  due: null,
}

/** The last number given in the order that events, transitions, merges and changes share. */
export const HEAD = `SELECT max(coalesce((SELECT max(seq) FROM event), 0), coalesce((SELECT max(seq) FROM transition), 0),
  coalesce((SELECT max(max(seq, coalesce(undone, 0))) FROM merge), 0), coalesce((SELECT max(changed) FROM visitor), 0))`

export const SAVE_PROFILE = `UPDATE visitor SET user = @user, email = @email, state = @state, heat = @heat, stage = @stage,
  qualification = @qualification, grade = @grade, account = @account, warmth = @warmth, label = @label, last_seen = @lastSeen,
  stage_since = @stageSince, due = @due, changed = @changed WHERE n = @n`

const statements = (db: Db) => ({
  head: db.prepare(HEAD).pluck(),
  siteNumber: db.prepare('SELECT n FROM site WHERE name = ?').pluck(),
  profile: db.prepare(
    'SELECT v.id, s.name AS site, v.user, v.email, v.state FROM visitor v JOIN site s ON s.n = v.site WHERE v.n = ?',
  ),
  numbers: db.prepare('SELECT n, root FROM visitor WHERE id = ?'),
  lastMerged: db
    .prepare('SELECT source FROM merge WHERE target = ? AND undone IS NULL ORDER BY seq DESC LIMIT 1')
    .pluck(),
  findName: db
    .prepare(
      `SELECT coalesce(v.root, v.n) FROM name JOIN visitor v ON v.n = name.visitor
       WHERE name.site = ? AND kind = ? AND value = ?`,
    )
    .pluck(),
  hasEvent: db.prepare('SELECT 1 FROM event WHERE key = ?').pluck(),
  history: db
    .prepare(
      'SELECT body FROM event WHERE visitor IN (SELECT n FROM visitor WHERE n = ? UNION SELECT n FROM visitor WHERE root = ?)',
    )
    .pluck(),
  insertEvent: db.prepare('INSERT INTO event (seq, visitor, at, key, body) VALUES (?, ?, ?, ?, ?)'),
  insertProfile: db.prepare('INSERT INTO visitor (id, site) VALUES (?, ?)'),
  setName: db.prepare('INSERT OR REPLACE INTO name (site, kind, value, visitor) VALUES (?, ?, ?, ?)'),
  insertMerge: db.prepare('INSERT INTO merge (seq, at, source, target) VALUES (?, ?, ?, ?)'),
  // The state stays as it was: undoing goes on from there.
  absorb: db.prepare(
    `UPDATE visitor SET root = @target, heat = NULL, due = NULL, label = '' WHERE n = @source OR root = @source`,
  ),
  undoMerge: db.prepare('UPDATE merge SET undone_at = @at, undone = @seq WHERE source = @source AND undone IS NULL'),
  release: db.prepare(
    `WITH RECURSIVE part (n) AS (
       SELECT @source UNION
       SELECT m.source FROM merge m JOIN part ON m.target = part.n WHERE m.undone IS NULL
     )
     UPDATE visitor SET root = nullif(@source, n) WHERE n IN part AND root = @target`,
  ),
  insertTransition: db.prepare(
    `INSERT INTO transition (seq, visitor, at, what, source, target, rule, event, score, model)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ),
  saveProfile: db.prepare(SAVE_PROFILE),
  due: db.prepare('SELECT n FROM visitor WHERE due <= ? ORDER BY due LIMIT ?').pluck(),
  stopWaking: db.prepare('UPDATE visitor SET due = NULL WHERE n = ?'),
  insertRejected: db.prepare('INSERT INTO rejected (at, site, id, code, message) VALUES (?, ?, ?, ?, ?)'),
  countRejected: db.prepare(
    'INSERT INTO rejected_count (code, count) VALUES (?, 1) ON CONFLICT (code) DO UPDATE SET count = count + 1',
  ),
  trimRejected: db.prepare('DELETE FROM rejected WHERE seq <= (SELECT max(seq) FROM rejected) - ?'),
})
