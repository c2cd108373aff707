/** The event log on PostgreSQL: each append is one transaction, and any number of collectors append at once. */
import type { Append, Arriving, Receipt } from '../../shared/append.ts'
import { emailIn, type Who } from '../../shared/identity.ts'
import type { Shell } from './engine.ts'
import { isOutage, type Sql } from './postgres.ts'
import { readArrivals, sitesOf } from './postgres-arrivals.ts'
import { claimId } from './postgres-claims.ts'
import { createInGroup, type Group, type Refusals } from './postgres-group.ts'
import { createNameViews } from './postgres-names.ts'
import { lockPeople, type Memory, readHistories } from './postgres-people.ts'
import { createVisitorNumbers } from './postgres-places.ts'
import { shardOf } from './postgres-shard.ts'
import { createSiteNumbers } from './postgres-sites.ts'
import { createWork, type Done, type Job } from './postgres-work.ts'
import type { Read, World } from './postgres-world.ts'
import type { EventLog } from './store.ts'

/** Visitors remembered, each about 10 KB; a row that another has written since is read again. */
const REMEMBERED = 5000
/** Names remembered of each, on average. */
const NAMES = 3

export interface PostgresLogOptions extends Pick<Shell, 'scoring' | 'refresh' | 'newId' | 'now' | 'linkTo' | 'report'> {
  readonly refusals: Refusals & {
    readonly isErased: (site: string, who: Who, email: string | undefined) => boolean
  }
  /** From 0 to 31, drawn for each process: the rows of `aggregate` that are its own. */
  readonly lane: number
  readonly remembers?: number
}

export const createPostgresLog = (sql: Sql, options: PostgresLogOptions): EventLog => {
  const { refusals, remembers = REMEMBERED, report } = options
  const memories = new Map<number, Memory>()
  /** To whom names led when they were last looked up: what is remembered of these need not be sent. */
  const leads = new Map<string, number>()
  const sites = createSiteNumbers(sql)
  const inGroup = createInGroup(sql, options, refusals)
  const doJob = createWork({ ...options, visitorNumbers: createVisitorNumbers(sql) })

  const forget = (): void => {
    memories.clear()
    leads.clear()
  }

  /** Works in a transaction, and remembers what is true once it has ended. */
  const run = async <Result>(
    work: (group: Group) => Promise<Done<Result>>,
    wanted?: readonly string[],
  ): Promise<Result> => {
    const { result, memories: fresh, leads: found } = await inGroup(work, wanted)
    if (memories.size + fresh.length > remembers || leads.size > NAMES * remembers) forget()
    for (const [n, memory] of fresh) memories.set(n, memory)
    for (const [key, n] of found) leads.set(key, n)
    return result
  }

  const nothing = <Result>(result: Result): Done<Result> => ({ result, memories: [], leads: [] })

  /** Locks these, with whom they are part of, and reads the events of some. */
  const readPeople = async ({ tx, scoring }: Group, list: readonly number[], stale: readonly number[]) => {
    const people = await lockPeople({ tx, version: scoring.version, memories }, list)
    await sites.learnNumbers([...people.values()].map(({ site }) => site))
    const histories = { events: new Map(), parts: new Map() }
    await readHistories(tx, stale, histories)
    const known = { sites: sites.numbers, siteNames: sites.names, names: new Map(), fresh: new Set<string>() }
    return { ...known, people, ...histories } satisfies Read
  }

  const job = <Result>(group: Group, read: Read, work: Job<Result>['work']): Promise<Done<Result>> =>
    doJob({ group, read, newcomers: 0, rejected: [], work })

  const find = async ({ tx, scoring }: Group, ids: readonly string[]): Promise<ReadonlyMap<string, Located>> => {
    const rows = await tx<Located[]>`
      SELECT id, n, root, site FROM visitor WHERE id IN ${tx(ids)} AND version = ${scoring.version}`.execute()
    return new Map(rows.map((row) => [row.id, row]))
  }

  const survivor = (world: World, n: number): ReturnType<World['at']> => {
    const row = world.at(n)
    return row.into ? survivor(world, row.into.n) : row
  }

  const tell: EventLog['tell'] = (id, event) =>
    run(async (group) => {
      const [found] = await Promise.all([find(group, [id]), group.begun])
      const located = found.get(id)
      if (!located) return nothing(false)
      // Told before, by one whose answer was lost.
      if (!(await claimId(group.tx, located.site, event.id))) return nothing(true)
      const read = await readPeople(group, [located.n], [])
      return await job(group, read, (appender, world) => {
        appender.tell(survivor(world, located.n), event)
        return true
      })
    })

  const merge: EventLog['merge'] = (from, into, at) =>
    run(async (group) => {
      const [found] = await Promise.all([find(group, [from, into]), group.begun])
      const [source, target] = [found.get(from), found.get(into)]
      if (!source || !target || source.site !== target.site) return nothing(false)
      const read = await readPeople(group, [source.n, target.n], [source.n, target.n])
      return await job(group, read, (appender, world) => {
        const [one, other] = [survivor(world, source.n), survivor(world, target.n)]
        if (one === other) return false
        appender.merge(one, other, at)
        return true
      })
    })

  const unmerge: EventLog['unmerge'] = (id, at) =>
    run(async (group) => {
      const [found] = await Promise.all([find(group, [id]), group.begun])
      const located = found.get(id)
      if (!located) return nothing(undefined)
      const first = await readPeople(group, [located.n], [])
      const part = first.people.get(located.n)!.root === null ? await lastMerged(group, located.n) : located.n
      if (part === undefined) return nothing(undefined)
      const { people, ...read } = await readPeople(group, [part], [part])
      return await job(group, { ...read, people: new Map([...first.people, ...people]) }, (appender, world) => {
        const [from, into] = [world.at(part), survivor(world, part)]
        appender.unmerge(from, into, at)
        return { from: from.id, into: into.id }
      })
    })

  const append: EventLog['append'] = async (arriving, rejected) => {
    return await run(async (group) => {
      await sites.learn(new Set(arriving.map(({ site }) => site)))
      // As of this try: what another collector has erased meanwhile is known by the next.
      const isGone = ({ site, who, event }: Arriving): boolean => refusals.isErased(site, who, emailIn(event))
      const gone = refusals.known() > 0 ? new Set(arriving.filter(isGone)) : NOBODY
      const kept = gone.size > 0 ? arriving.filter((each) => !gone.has(each)) : arriving
      const { tx, begun, scoring } = group
      const read = await readArrivals(kept, { tx, begun, sites, memories, leads, version: scoring.version })
      const work = (appender: Append): readonly Receipt[] => {
        const receipts = appender.append(kept)
        let next = 0
        return arriving.map((each): Receipt => (gone.has(each) ? 'erased' : receipts[next++]!))
      }
      return await doJob({ group, read, newcomers: kept.length, rejected, work })
    }, sitesOf(arriving))
  }

  const wakeThese = (choose: (group: Group) => Promise<readonly number[]>, now: number): Promise<number> =>
    run(async (group) => {
      const [due] = await Promise.all([choose(group), group.begun])
      const read = await readPeople(group, due, [])
      return await job(group, read, (appender, world) => {
        for (const n of due) appender.wake(world.at(n), now)
        return due.length
      })
    })

  /** One that cannot be brought forward must not be tried for ever: its next event tries again. */
  const wakeAlone = async (n: number, now: number): Promise<void> => {
    try {
      await wakeThese(async () => [n], now)
    } catch (error) {
      if (isOutage(error)) throw error
      report(new Error('A visitor could not be brought up to date.', { cause: error }))
      await sql`UPDATE visitor SET due = NULL WHERE shard = ${shardOf(n)} AND n = ${n}`
    }
  }

  const wake: EventLog['wake'] = async (now, limit) => {
    let due: readonly number[] = []
    const choose = async (group: Group): Promise<readonly number[]> => {
      due = await chooseDue(group, now, limit)
      return due
    }
    try {
      return await wakeThese(choose, now)
    } catch (error) {
      if (isOutage(error)) throw error
      for (const n of due) await wakeAlone(n, now)
      return due.length
    }
  }

  return { append, tell, merge, unmerge, wake, ...createNameViews(sql), forget }
}

const NOBODY: ReadonlySet<Arriving> = new Set()

interface Located {
  readonly id: string
  readonly n: number
  readonly root: number | null
  readonly site: number
}

/** Who another collector is at work on is left to it. */
const chooseDue = async ({ tx, scoring }: Group, now: number, limit: number): Promise<readonly number[]> => {
  const rows = await tx<{ n: number }[]>`
    SELECT n FROM visitor WHERE version = ${scoring.version} AND due <= ${now} ORDER BY due LIMIT ${limit}
    FOR UPDATE SKIP LOCKED`.execute()
  return rows.map(({ n }) => n)
}

const lastMerged = async ({ tx }: Group, n: number): Promise<number | undefined> => {
  const [row] = await tx<{ source: number }[]>`
    SELECT source FROM merge WHERE shard = ${shardOf(n)} AND target = ${n} AND undone IS NULL
    ORDER BY seq DESC LIMIT 1`
  return row?.source
}
