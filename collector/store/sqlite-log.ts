/** The event log on SQLite: each append is one transaction, run by the thread that owns the file. */
import { type Arriving, type Changes, createAppend, type Known } from '../../shared/append.ts'
import { type Counted, moveOf } from '../../shared/contribution.ts'
import type { VisitorEvent } from '../../shared/event.ts'
import { isUnknown, type Name } from '../../shared/identity.ts'
import type { VisitorState } from '../../shared/state.ts'
import type { Fold } from '../../shared/visitor.ts'
import { type Db, isOutage } from './sqlite.ts'
import { createAggregates } from './sqlite-aggregates.ts'
import { createAnnounce } from './sqlite-announce.ts'
import { createIds } from './sqlite-ids.ts'
import { logStatements } from './sqlite-log-sql.ts'
import { valuesOf } from './sqlite-row.ts'
import { createTerms, createWrittenTerms } from './sqlite-terms.ts'
import type { EventLog, Rejected, Scoring } from './store.ts'
import { eventsIn, stateIn, storedEvents } from './stored.ts'
import { type Row, recount, rowOf, tallyOf } from './visitor-row.ts'

/** Only this thread changes profiles, so what it remembers of them is true. Each takes about 10 KB. */
const REMEMBERED = 5000
/** Rejected events kept for reading. */
const REJECTED_KEPT = 10_000
/** Events of a row: one import must not make a row that takes long to read. */
const ROW = 256

export interface LogOptions {
  /** The version of the model that scores at present. */
  readonly scoring: () => Scoring
  readonly newId: () => string
  readonly now: () => number
  /** The address of a visitor in the dashboard, where that is known. */
  readonly linkTo?: (id: string) => string | undefined
  /** Profiles kept in memory between two transactions. */
  readonly remembers?: number
}

export const createSqliteLog = (db: Db, options: LogOptions): EventLog => {
  const { scoring, newId, now, linkTo = () => undefined, remembers = REMEMBERED } = options
  const sql = logStatements(db)
  const foldOf = (site: string): Fold => scoring().foldOf(site)
  const aggregates = createAggregates(db)
  const profiles = new Map<number, Row>()
  /** Where names lead, survivors in place of those merged into them. */
  const names = new Map<string, number>()
  const sites = new Map<string, number>()
  const readTerms = createTerms(db)
  const terms = createWrittenTerms(db)
  const ids = createIds(db, { terms: readTerms })
  /** Events taken in this transaction that are not in a row yet. */
  const pending = new Map<Row, VisitorEvent[]>()
  let seq = sql.head.get() as number

  const siteOf = (site: string): number => {
    const n = sites.get(site) ?? (sql.siteNumber.get(site) as number)
    sites.set(site, n)
    return n
  }

  const writeOut = (profile: Row): void => {
    const events = pending.get(profile) ?? []
    pending.delete(profile)
    for (let from = 0; from < events.length; from += ROW) {
      const some = events.slice(from, from + ROW)
      for (const [n, event] of some.entries())
        if (event.type === 'feedback') sql.insertFeedback.run(profile.n, event.at, seq + n + 1, event.verdict)
      seq += some.length
      sql.insertEvents.run(seq, profile.n, storedEvents(some, terms.for(profile.n)))
    }
  }

  const profileAt = (n: number): Row => {
    const known = profiles.get(n)
    if (known) return known
    const row = sql.profile.get(n) as StoredRow
    const state = row.state === null ? undefined : stateIn(row.state, readTerms)
    const profile: Row = {
      n,
      id: row.id,
      site: row.site,
      user: row.user ?? undefined,
      email: row.email ?? undefined,
      state,
      // Whoever is part of another is counted there.
      tally: state && row.root === null ? tallyOf(state, scoring().model) : undefined,
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

  /** Counts a profile as it is now in place of what was counted of it before. */
  const count = (row: Row, state: VisitorState | undefined): void => {
    const change = (before: readonly Counted[], after: readonly Counted[]) => aggregates.change(row.site, before, after)
    row.tally = recount(row.tally, state, { model: scoring().model, change })
  }

  const known: Known = {
    hasEvent: (site, id) => ids.has(siteOf(site), id),
    findProfile: find,
    history: (profile) => {
      const { n } = profile as Row
      writeOut(profile as Row)
      return (sql.history.all(n, n) as Buffer[]).flatMap((body) => eventsIn(body, readTerms))
    },
    newId,
    now,
  }

  const announce = createAnnounce(db, { scoring, now, history: known.history, linkTo })

  const changes: Changes = {
    insertEvent: (profile, event) => {
      const events = pending.get(profile as Row)
      if (events) events.push(event)
      else pending.set(profile as Row, [event])
      ids.add(siteOf(profile.site), event.id)
    },
    insertProfile: (profile) => {
      const { lastInsertRowid } = sql.insertProfile.run(profile.id, siteOf(profile.site))
      const row = Object.assign(profile, { n: Number(lastInsertRowid) })
      profiles.set(row.n, row)
    },
    setName: (profile, { kind, value }) => {
      const { site, n } = profile as Row
      sql.setName.run(siteOf(site), kind, value, n)
      names.set(`${site}\0${kind}\0${value}`, n)
    },
    merge: (from, into, at) => {
      const [source, target] = [(from as Row).n, (into as Row).n]
      seq += 1
      sql.insertMerge.run(seq, at, source, target)
      sql.absorb.run({ source, target })
      count(from as Row, undefined)
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
      writeOut(profile as Row)
      for (const { what, from, to, at, event, rule, score } of transitions) {
        seq += 1
        sql.insertTransition.run(seq, n, at, what, from, to, rule, event ?? null, score, version)
        aggregates.change(profile.site, [], moveOf({ what, to, at }, version))
      }
      count(profile as Row, profile.state)
      seq += 1
      const writing = { model, fold: foldOf(profile.site), changed: seq, terms: terms.for(n) }
      sql.saveProfile.run(...valuesOf(rowOf(profile as Row, writing)))
    },
    announce: (profile, transitions) => announce(profile as Row, transitions),
  }

  const appender = createAppend(foldOf, known, changes)

  const forget = (): void => {
    profiles.clear()
    names.clear()
    aggregates.forget()
    terms.forget()
    readTerms.forget()
    sites.clear()
    // Never back: whoever follows the log has a cursor, also where what stood last was removed with its site.
    seq = Math.max(seq, sql.head.get() as number)
  }

  const undo = (): void => {
    pending.clear()
    ids.undo()
    forget()
  }

  const transact = <Result>(work: () => Result): Result =>
    db
      .transaction(() => {
        ids.seal(seq)
        const result = work()
        for (const profile of pending.keys()) writeOut(profile)
        aggregates.flush()
        return result
      })
      .immediate()

  /** All or nothing; what was remembered of a failed attempt is forgotten. */
  const atomically = <Result>(work: () => Result): Result => {
    // Never within a transaction: a profile that was touched and not yet saved must not be read again.
    if (profiles.size > remembers || names.size > 4 * remembers) {
      profiles.clear()
      names.clear()
    }
    try {
      const result = transact(work)
      ids.settle()
      return result
    } catch (error) {
      undo()
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
    emailOf: async (site, name) => find(site, name)?.email,
    stageOf: async (site, anonymous) => {
      const row = find(site, { kind: 'anonymous', value: anonymous })
      return row && isUnknown(row) ? row.state?.stage : undefined
    },
    forget,
  }
}

interface StoredRow {
  readonly id: string
  readonly site: string
  readonly root: number | null
  readonly user: string | null
  readonly email: string | null
  readonly state: Buffer | null
}
