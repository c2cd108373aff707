/** Several collectors on one PostgreSQL: what they do at once comes out as if they had done it one after another. */
import { setTimeout } from 'node:timers/promises'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connect, isOutage, type Sql } from '../../collector/store/postgres.ts'
import { createPostgresLog } from '../../collector/store/postgres-log.ts'
import { createPostgresModels, markPublished } from '../../collector/store/postgres-models.ts'
import { createPostgresViews } from '../../collector/store/postgres-views.ts'
import type { EventLog, Scoring, Views } from '../../collector/store/store.ts'
import { storedState } from '../../collector/store/stored.ts'
import type { Arriving, Receipt } from '../../shared/append.ts'
import { replayed } from '../../shared/append.ts'
import { contributionOf } from '../../shared/contribution.ts'
import { DEFAULT_MODEL, presetModel } from '../../shared/default-model.ts'
import type { Model } from '../../shared/model.ts'
import { createFold } from '../../shared/visitor.ts'
import { missing, startPostgres } from '../postgres.ts'
import { DAY, event, from, HOUR, NOON } from './events.ts'
import { NO_REFUSALS, prepare } from './postgres-store.ts'

const server = await startPostgres()
afterAll(() => server?.stop())

interface Collector {
  readonly sql: Sql
  readonly log: EventLog
  readonly views: Views
  /** How often it found that another has published a model. */
  readonly refreshed: () => number
}

let ids = 0
const newId = (): string => {
  ids += 1
  return `${(ids * 7919) % 1_000_003}`.padStart(32, '0')
}

const startCollector = async (url: string, lane: number): Promise<Collector> => {
  const sql = connect({ url, connections: 4, name: `collector ${lane}` })
  const models = createPostgresModels(sql)
  const read = async (): Promise<Scoring> => {
    const { model, version } = await models.published()
    const fold = createFold(model)
    return { model, version, foldOf: () => fold }
  }
  let scoring = await read()
  let refreshed = 0
  const refresh = async (): Promise<void> => {
    refreshed += 1
    scoring = await read()
  }
  const log = createPostgresLog(sql, {
    scoring: () => scoring,
    refresh,
    newId,
    now: () => NOON,
    linkTo: () => undefined,
    report: (problem) => {
      throw problem
    },
    refusals: NO_REFUSALS,
    lane,
    remembers: 50,
  })
  return { sql, log, views: createPostgresViews(sql), refreshed: () => refreshed }
}

/** Numbers that look like chance, the same each time. */
const diceOf = (seed: number): ((sides: number) => number) => {
  let state = seed
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return (state >>> 8) % sides
  }
}

/** A few ids, a few names, a few addresses: whatever two collectors get, they get at once. */
const batchOf = (dice: (sides: number) => number, round: number): readonly Arriving[] =>
  Array.from({ length: 1 + dice(6) }, () => {
    const id = `${round}-${dice(30)}`
    // Of an id all is the same, whoever sends it, as of something that is sent twice.
    const own = diceOf(round * 1000 + Number(id.split('-')[1]))
    own(2)
    const at = NOON + round * HOUR - own(4) * DAY
    const who = `${round - own(3)}-${own(6)}`
    const kind = own(5)
    if (kind === 0) return from(who, event('identify', { id, at, traits: { email: `p${own(5)}@acme.example` } }))
    if (kind === 1) return from(who, event('form', { id, at, signal: 'demo_request' }))
    return from(who, event('page', { id, at, view: id, signal: 'pricing', funnel: 'bofu' }))
  })

const refs = (batch: readonly Arriving[]): readonly string[] => batch.map((each) => each.event.id)

describe.skipIf(!server)(`several collectors on one database${server ? '' : ` (${missing})`}`, () => {
  let collectors: readonly Collector[]
  let url: string
  const [first, second] = [() => collectors[0]!, () => collectors[1]!]

  beforeEach(async () => {
    url = await server!.newDatabase()
    const sql = connect({ url, connections: 1, name: 'prepare' })
    await prepare(sql, ['default'])
    await sql.end()
    collectors = await Promise.all([startCollector(url, 1), startCollector(url, 2)])
  })
  afterEach(() => Promise.all(collectors.map(({ sql }) => sql.end())))

  const survivors = (sql: Sql) => sql<{ id: string }[]>`
    SELECT id FROM visitor WHERE root IS NULL AND version = (SELECT version FROM model WHERE state = 'published')`

  /** What is stored of everyone is what their events come to. */
  const expectReplay = async (model: Model = DEFAULT_MODEL): Promise<void> => {
    const fold = createFold(model)
    const { sql, views } = first()
    const later = NOON + 100 * DAY
    for (const { id } of await survivors(sql)) {
      const stored = (await views.visitor(id))!.state
      const events = (await views.events(id)).map(({ event: each }) => each)
      const anew = replayed(fold, events, { transitions: [] })!
      for (const state of [stored, anew]) fold.advance(state, later, { transitions: [] })
      expect(stored, id).toEqual(anew)
    }
  }

  const expectCounts = async (model: Model = DEFAULT_MODEL): Promise<void> => {
    const { sql, views } = first()
    const wanted = new Map<string, number>()
    for (const { id } of await survivors(sql))
      for (const { kind, day, of, end } of contributionOf((await views.visitor(id))!.state, model)) {
        const key = [kind, day, of, end].join(' ')
        wanted.set(key, (wanted.get(key) ?? 0) + 1)
      }
    const rows = await sql<{ key: string; n: number }[]>`
      SELECT concat_ws(' ', kind, day, what, outcome) AS key, sum(n)::bigint AS n FROM aggregate
      WHERE version = (SELECT version FROM model WHERE state = 'published') GROUP BY 1 HAVING sum(n) <> 0`
    expect(new Map(rows.map(({ key, n }) => [key, n]))).toEqual(wanted)
  }

  const everyEntry = () => first().views.read(0, 1_000_000)
  const eventIds = async (): Promise<readonly string[]> =>
    (await everyEntry()).flatMap(({ what }) => ('event' in what ? [what.event.id] : [])).toSorted()

  /** Reads what appears while others write; ends after it was told to and has reached the end. */
  const follow = (views: Views) => {
    const seen: number[] = []
    let isLast = false
    const run = async (): Promise<void> => {
      let cursor = 0
      for (;;) {
        const ends = isLast
        const entries = await views.read(cursor, 7)
        for (const { seq } of entries) {
          expect(seq).toBeGreaterThan(cursor)
          cursor = seq
          seen.push(seq)
        }
        if (ends && entries.length === 0) return
      }
    }
    const done = run()
    return {
      end: async (): Promise<readonly number[]> => {
        isLast = true
        await done
        return seen
      },
    }
  }

  it('know whoever a name leads to by now, also where both were last changed at the same place, as after a move', async () => {
    const { sql, log } = first()
    const page = (id: string, at: number) => event('page', { id, at, view: id, signal: 'pricing', funnel: 'bofu' })
    await log.append([from('ann', page('a1', NOON)), from('bob', page('b1', NOON))], [])
    const [ann, bob] = await sql<{ n: number }[]>`SELECT visitor AS n FROM name ORDER BY value`
    await sql`UPDATE visitor SET changed = a.changed FROM visitor a WHERE a.n = ${ann!.n} AND visitor.n = ${bob!.n}`
    await sql`UPDATE name SET visitor = ${bob!.n} WHERE value = 'ann'`
    await log.append([from('ann', page('a2', NOON + 1))], [])
    await expectReplay()
  })

  it('take every event once, and lose nothing of anybody, whatever they get at once', async () => {
    const following = follow(second().views)
    const sent = new Set<string>()
    let accepted = 0
    const send = async ({ log }: Collector, batch: readonly Arriving[]): Promise<void> => {
      for (const id of refs(batch)) sent.add(id)
      const receipts: readonly Receipt[] = await log.append(batch, [])
      accepted += receipts.filter((receipt) => receipt === 'accepted').length
    }
    for (let round = 1; round <= 25; round += 1) {
      const dice = diceOf(round)
      const batches = Array.from({ length: 8 }, () => batchOf(dice, round))
      await Promise.all(batches.map((batch, n) => send(collectors[n % 2]!, batch)))
    }
    expect(await eventIds()).toEqual([...sent].toSorted())
    expect(accepted).toBe(sent.size)
    await expectReplay()
    await expectCounts()
    const seen = await following.end()
    expect(seen).toEqual((await everyEntry()).map(({ seq }) => seq))
    expect(new Set(seen).size).toBe(seen.length)
    const [{ merges }] = (await first().sql`SELECT count(*)::integer AS merges FROM merge`) as [{ merges: number }]
    expect(merges).toBeGreaterThan(10)
  }, 120_000)

  it('join the same two in both directions only once, and take them apart once', async () => {
    for (let round = 0; round < 20; round += 1) {
      const [a, b] = [`a${round}`, `b${round}`]
      await first().log.append([from(a, event('page', { id: a })), from(b, event('page', { id: b, at: NOON + 1 }))], [])
      const idOf = async (ref: string) => (await first().views.visitor(ref))!.id
      const [one, other] = [await idOf(a), await idOf(b)]
      const late = event('page', { id: `late${round}`, at: NOON - DAY })
      const [there, back] = await Promise.all([
        first().log.merge(one, other, NOON),
        second().log.merge(other, one, NOON),
        second().log.append([from(a, late)], []),
      ])
      expect([there, back].filter(Boolean)).toHaveLength(1)
      expect(await idOf(a)).toBe(await idOf(b))
      const parted = await Promise.all(collectors.map(({ log }) => log.unmerge(one, NOON + 1)))
      expect(parted.filter((each) => each !== undefined)).toHaveLength(1)
      expect([await idOf(a), await idOf(b)]).toEqual([one, other])
    }
    await expectReplay()
    await expectCounts()
  }, 60_000)

  it('wake each visitor once', async () => {
    const hot = Array.from({ length: 40 }, (_, n) =>
      from(`v${n}`, event('form', { id: `${n}`, signal: 'demo_request' })),
    )
    await first().log.append(hot, [])
    const later = NOON + 200 * DAY
    let woken = 0
    const drain = async ({ log }: Collector): Promise<void> => {
      for (let none = 0; none < 3; ) {
        const count = await log.wake(later, 7)
        woken += count
        none = count === 0 ? none + 1 : 0
      }
    }
    await Promise.all([...collectors, ...collectors].map(drain))
    expect(woken).toBe(40)
    const moves = (await everyEntry()).flatMap(({ visitor, what }) =>
      'transition' in what && what.transition.to === 'awareness' ? [visitor] : [],
    )
    expect(new Set(moves).size).toBe(moves.length)
    expect(moves).toHaveLength(40)
    await expectReplay()
  }, 60_000)

  /** Publishes as plainly as can be: everyone is built anew while nobody may write. */
  const publish = async (model: Model): Promise<number> => {
    const sql = connect({ url, connections: 1, name: 'publish' })
    const version = await createPostgresModels(sql).insertDraft({ model, author: '', reason: '', createdAt: NOON })
    await sql.unsafe(`CREATE TABLE visitor_${version} PARTITION OF visitor FOR VALUES IN (${version})`)
    const fold = createFold(model)
    const views = createPostgresViews(sql)
    const reader = connect({ url, connections: 2, name: 'read' })
    await sql.begin(async (tx) => {
      await tx`SELECT pg_advisory_xact_lock(5065484)`
      await tx`INSERT INTO visitor (shard, n, version, id, site, root, user_id, email, changed, label)
        SELECT shard, n, ${version}, id, site, root, user_id, email, changed, '' FROM visitor WHERE version = ${version - 1}`
      for (const { id } of await survivors(reader)) {
        const events = (await createPostgresViews(reader).events(id)).map(({ event: each }) => each)
        const state = replayed(fold, events, { transitions: [] })!
        await tx`UPDATE visitor SET state = ${storedState(state)}, stage = ${state.stage} WHERE id = ${id} AND version = ${version}`
        for (const { kind, day, of, end } of contributionOf(state, model))
          await tx`INSERT INTO aggregate VALUES (${version}, 1, ${kind}, ${of}, ${end}, ${day}, 0, 1)
            ON CONFLICT (version, site, kind, day, what, outcome, lane) DO UPDATE SET n = aggregate.n + 1`
      }
      await markPublished(tx, version, { approver: '', reason: '', at: NOON })
    })
    expect(await views.head()).toBeGreaterThan(0)
    await Promise.all([sql.end(), reader.end()])
    return version
  }

  it('go over to another model at one instant, in the midst of it all', async () => {
    const long = presetModel('long')
    const sent = new Set<string>()
    const write = async (collector: Collector, seed: number): Promise<void> => {
      const dice = diceOf(seed)
      for (let round = 1; round <= 12; round += 1) {
        const batch = batchOf(dice, round)
        for (const id of refs(batch)) sent.add(id)
        await collector.log.append(batch, [])
      }
    }
    await write(first(), 1)
    const writing = Promise.all(collectors.flatMap((each, n) => [write(each, 10 + n), write(each, 20 + n)]))
    await setTimeout(20)
    const version = await publish(long)
    await writing
    await Promise.all(collectors.map((each, n) => write(each, 30 + n)))
    expect(version).toBe(2)
    expect(await eventIds()).toEqual([...sent].toSorted())
    for (const { refreshed } of collectors) expect(refreshed()).toBeGreaterThan(0)
    await expectReplay(long)
    await expectCounts(long)
  }, 60_000)

  it('double nothing where connections are cut under them, and what failed is sent again', async () => {
    const killer = connect({ url, connections: 1, name: 'killer' })
    let [isOver, cut] = [false, 0]
    const kill = async (): Promise<void> => {
      while (!isOver) {
        const rows = await killer`
          SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE application_name = 'collector 1' AND datname = current_database() AND state <> 'idle' LIMIT 1`
        cut += rows.length
        await setTimeout(15)
      }
    }
    const killing = kill()
    const sent = new Set<string>()
    let failures = 0
    const insist = async ({ log }: Collector, batch: readonly Arriving[]): Promise<void> => {
      try {
        await log.append(batch, [])
      } catch (error) {
        expect(isOutage(error), String(error)).toBe(true)
        failures += 1
        await setTimeout(5)
        await insist(second(), batch)
      }
    }
    for (let round = 1; round <= 20; round += 1) {
      const dice = diceOf(round)
      const batches = Array.from({ length: 6 }, () => batchOf(dice, round))
      for (const id of batches.flatMap(refs)) sent.add(id)
      await Promise.all(batches.map((batch, n) => insist(collectors[n % 2]!, batch)))
    }
    isOver = true
    await killing
    await killer.end()
    expect(Math.min(cut, failures)).toBeGreaterThan(0)
    expect(await eventIds()).toEqual([...sent].toSorted())
    await expectReplay()
    await expectCounts()
  }, 120_000)

  it.skipIf(!server?.folder)(
    'double nothing where the commit went through and its answer did not',
    async () => {
      const admin = connect({ url, connections: 1, name: 'admin' })
      // Numbers for visitors are taken ahead, and a while before they are needed.
      await first().log.append([from('before', event('page', { id: '0' }))], [])
      // A commit then waits for a copy that nobody keeps: it is done here, and cannot be answered.
      await admin.unsafe(`ALTER SYSTEM SET synchronous_standby_names = 'nobody'`)
      await admin`SELECT pg_reload_conf()`
      await setTimeout(300)
      const batch = [
        from('a', event('page', { id: '1' })),
        from('b', event('form', { id: '2', signal: 'demo_request' })),
      ]
      const lost = first().log.append(batch, [])
      const failed = lost.then(
        () => undefined,
        (error: unknown) => error,
      )
      let waiting: readonly { pid: number }[] = []
      while (waiting.length === 0)
        waiting = await admin<{ pid: number }[]>`SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'
        AND query = 'COMMIT' AND application_name = 'collector 1'`
      await admin`SELECT pg_terminate_backend(${waiting[0]!.pid})`
      expect(isOutage(await failed)).toBe(true)
      await admin.unsafe('ALTER SYSTEM RESET synchronous_standby_names')
      await admin`SELECT pg_reload_conf()`
      await setTimeout(300)
      await admin.end()
      expect(await second().log.append(batch, [])).toEqual(['duplicate', 'duplicate'])
      expect(await first().log.append(batch, [])).toEqual(['duplicate', 'duplicate'])
      expect(await eventIds()).toEqual(['0', '1', '2'])
      await expectReplay()
      await expectCounts()
    },
    60_000,
  )
})
