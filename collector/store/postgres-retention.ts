/**
 * Deletes on PostgreSQL what a site has kept for long enough, in slices between which others write. One collector at a
 * time does it, once a day: the lease is held until the next time.
 */
import { expiryOf } from '../../shared/expiry.ts'
import type { Sql } from './postgres.ts'
import { note } from './postgres-audit.ts'
import { createPostgresEnds, type Ending, type EndsOptions, endingIn } from './postgres-ends.ts'
import { cutPerson, overdue } from './postgres-expiry.ts'
import type { Group, InGroup } from './postgres-group.ts'
import { START, type VisitorPlace } from './postgres-history.ts'
import { callOff, createLease } from './postgres-lease.ts'
import { lockPerson } from './postgres-lock.ts'
import { createPostgresPersons, type Person } from './postgres-person.ts'
import type { Site } from './store.ts'

const DAY = 86_400_000
/** Visitors looked at between two chances for others to write. */
const SLICE = 1000
/** People changed in one transaction. */
const AT_ONCE = 50
/** How often all are looked through, in ms. */
const EVERY = DAY
/** For how long a slice may take, before another collector begins anew. */
const LEASE = 60_000
const NAME = 'retention'

export interface RetentionOptions extends EndsOptions {
  readonly inGroup: InGroup
  readonly sites: () => readonly Site[]
  /** Another for every collector. */
  readonly holder: string
  readonly slice?: number
}

export interface PostgresRetention {
  /** Does the next slice, unless another collector is at it; answers whether there is more to be done now. */
  readonly step: () => Promise<boolean>
  /** Has it begun anew, whoever is at it: a site keeps for another time. */
  readonly restart: () => Promise<void>
}

/** How far a pass is. */
interface Pass {
  readonly site: Site & { readonly days: number }
  readonly since: number
  after: VisitorPlace
  people: number
  events: number
}

export const createPostgresRetention = (sql: Sql, options: RetentionOptions): PostgresRetention => {
  const { inGroup, newId, now, sites, holder, slice = SLICE } = options
  const lease = createLease(sql, { name: NAME, holder, now })
  const ends = createPostgresEnds(options)
  let passes: Pass[] = []

  const begin = (): void => {
    passes = sites().flatMap((site) => {
      const days = site.settings.retentionDays
      if (days === undefined) return []
      return [{ site: { ...site, days }, since: now() - days * DAY, after: START, people: 0, events: 0 }]
    })
  }

  const expire = async (ending: Ending, person: Person, { site, since }: Pass): Promise<Expired> => {
    const { expiry: mode = 'erase' } = site.settings
    const isNobody = person.parts.every(({ names }) => names.length === 0)
    const fold = ending.scoring.foldOf(person.site)
    const keeping = { since, keepsNobody: mode === 'anonymize', isNobody, fold, newId }
    const due = expiryOf(await createPostgresPersons(ending.tx).events(person), keeping)
    if (due.kind === 'none') return NOTHING
    if (due.kind === 'cut') await cutPerson(ending, person, { since, opening: due.opening })
    else await ends[mode](ending, person)
    return { people: due.kind === 'end' ? 1 : 0, events: due.old }
  }

  /** Answers undefined where another collector has the lease by now. */
  const expireAll = async (group: Group, ids: readonly string[], pass: Pass): Promise<Expired | undefined> => {
    const ending = await endingIn(group)
    if (!(await lease.keep(ending.tx, now() + LEASE))) return undefined
    const people: Person[] = []
    for (const id of ids) {
      const person = await lockPerson(ending.tx, id)
      if (person) people.push(person)
    }
    const sum = { people: 0, events: 0 }
    for (const person of people) {
      const expired = await expire(ending, person, pass)
      sum.people += expired.people
      sum.events += expired.events
    }
    return sum
  }

  /** Answers false where it is another's turn. */
  const work = async (pass: Pass): Promise<boolean> => {
    const { site, since, after } = pass
    const { ids, last } = await overdue(sql, { site: site.name, after, limit: slice, since })
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const expired = await inGroup((group) => expireAll(group, ids.slice(from, from + AT_ONCE), pass))
      if (!expired) return false
      pass.people += expired.people
      pass.events += expired.events
    }
    if (last) pass.after = last
    else await end(pass)
    return true
  }

  const end = async ({ site, since, people, events }: Pass): Promise<void> => {
    passes = passes.slice(1)
    await sql`DELETE FROM rejected WHERE site = ${site.name} AND at < ${since}`
    if (events === 0) return
    const detail = `${people} people, ${events} events`
    await note(sql, { at: now(), actor: NAME, action: site.settings.expiry ?? 'erase', site: site.name, detail })
  }

  /** Whether it is this collector's turn. */
  const isOurs = async (): Promise<boolean> => {
    const [held] = await sql<{ holder: string; until: number }[]>`SELECT holder, until FROM lease WHERE name = ${NAME}`
    const isRunning = held !== undefined && held.until > now()
    if (isRunning && held.holder === holder) return passes.length > 0
    passes = []
    if (isRunning || !(await lease.take(now() + LEASE))) return false
    begin()
    return true
  }

  return {
    step: async () => {
      if (!(await isOurs())) return false
      const [pass] = passes
      if (pass && !(await work(pass))) passes = []
      // Kept until the next time, or for as long as the next slice may take.
      const until = now() + (passes.length > 0 ? LEASE : EVERY)
      if (!(await sql.begin((tx) => lease.keep(tx, until)))) passes = []
      return passes.length > 0
    },
    restart: () => callOff(sql, NAME),
  }
}

interface Expired {
  readonly people: number
  readonly events: number
}

const NOTHING: Expired = { people: 0, events: 0 }
