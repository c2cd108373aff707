/** Erasing, retention, removal of sites and publishing on PostgreSQL; and what only many collectors can do to each other. */
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { simulate } from '../../collector/simulate.ts'
import { createLease } from '../../collector/store/postgres-lease.ts'
import { visitorPartitions } from '../../collector/store/postgres-partitions.ts'
import { presetNamed } from '../../shared/presets.ts'
import { secrets, telling } from '../collector/traces.ts'
import { missing, type PostgresServer, startPostgres } from '../postgres.ts'
import { addedOf, countsOf, everyone, movesOf } from './ending-store.ts'
import { describeErasing } from './erasing.ts'
import { DAY, event, from, HOUR, NOON } from './events.ts'
import { closeAll, openCollector, openEndingOn, type PostgresCollector } from './postgres-ending-store.ts'
import { postgresRows } from './postgres-rows.ts'
import { describePublishing, expectReplay } from './publishing.ts'
import { describeRetention } from './retention.ts'

// What these tests ask of the server does not depend on its disk.
const server = await startPostgres(['fsync=off', 'full_page_writes=off', 'max_connections=300'])
afterEach(closeAll)
afterAll(() => server?.stop())

const page = (id: string, at = NOON) =>
  event('page', { id, at, view: id, url: `https://shop.example/${id}`, signal: 'pricing', funnel: 'bofu' })
const named = (id: string, email: string, at = NOON) =>
  event('identify', { id, at, source: 'server', traits: { email } })

/** Several collectors of one database. */
const openMany = async ({ newDatabase }: PostgresServer, count: number): Promise<readonly PostgresCollector[]> => {
  const url = await newDatabase()
  const all: PostgresCollector[] = []
  for (let n = 0; n < count; n += 1) all.push(await openCollector({ url, model: presetNamed('standard') }))
  return all
}

/** Visits of a few people, some of whom turn out to be one, told by this collector until it is to end. */
const load = (collector: PostgresCollector, name: string, isOver: () => boolean) =>
  (async () => {
    let sent = 0
    for (; !isOver() || sent < 20; sent += 1) {
      const who = sent % 7 === 3 ? { anonymous: `v${sent % 11}`, user: `u${sent % 4}` } : { anonymous: `v${sent % 11}` }
      const at = NOON + (sent % 5 === 0 ? sent : sent + 1000) * 1000
      const events = [page(`${name}${sent}`, at), event('track', { id: `${name}t${sent}`, at, name: 'demo_request' })]
      await collector.log.append(
        events.map((each) => from(who, each)),
        [],
      )
    }
    return sent * 2
  })()

const describeMany = (server: PostgresServer): void => {
  describe('many collectors', { timeout: 120_000 }, () => {
    it('that append while one of them publishes lose nothing, and have everyone as the new model has them', async () => {
      const [one, other] = await openMany(server, 2)
      let isOver = false
      for (const collector of [one!, other!]) collector.clock.at = NOON + DAY
      await one!.log.append(
        Array.from({ length: 60 }, (_, n) => from(`v${n}`, page(`first${n}`, NOON + n))),
        [],
      )
      const loads = [load(one!, 'a', () => isOver), load(other!, 'b', () => isOver)]
      await one!.publish(presetNamed('shop'), () => setTimeout(1))
      await other!.publish(presetNamed('agency'), () => setTimeout(1))
      isOver = true
      const sent = (await Promise.all(loads)).reduce((sum, n) => sum + n, 60)
      await one!.log.append([], [])
      await one!.log.append([from('v1', page('last', NOON + 2 * HOUR))], [])
      while ((await one!.log.wake(one!.clock.at, 100)) > 0);
      await expectReplay(one!)
      expect(one!.edition().version).toBe(3)
      const { counted, recorded } = await movesOf(one!)
      expect(counted).toEqual(recorded)
      expect((await one!.views.read(0, 100_000)).filter(({ what }) => 'event' in what)).toHaveLength(sent + 1)
    })

    it('go on from what another has built, not from what they remember of the former model', async () => {
      const [one, other] = await openMany(server, 2)
      for (const n of [0, 1, 2]) await one!.log.append([from('a', page(`p${n}`, NOON + n * HOUR))], [])
      await other!.publish({ ...presetNamed('standard'), halfLifeDays: 5 })
      await one!.log.append([from('a', page('p3', NOON + 3 * HOUR))], [])
      one!.clock.at = NOON + DAY
      await expectReplay(one!)
    })

    it('publish one at a time, and the one that was late says so', async () => {
      const [one, other] = await openMany(server, 2)
      await one!.log.append([from('a', page('1')), from('b', page('2'))], [])
      let refused: unknown
      const late = async (): Promise<void> => {
        refused ??= await other!.publish(presetNamed('agency')).catch((error: unknown) => error)
      }
      await one!.publish(presetNamed('shop'), late)
      expect(String(refused)).toContain('Another collector is publishing')
      await expectReplay(one!)
    })

    it('find what one that died has left of a version, once its lease is over, and drop it', async () => {
      const [one, other] = await openMany(server, 2)
      await one!.log.append([from('a', page('1')), from('b', page('2'))], [])
      const cut = async (): Promise<void> => {
        await one!.sql.end({ timeout: 0 })
      }
      await expect(one!.publish(presetNamed('shop'), cut)).rejects.toThrow()
      expect(await visitorPartitions(other!.sql)).toEqual([1, 2])
      await expect(other!.publish(presetNamed('agency'))).rejects.toThrow('Another collector is publishing')
      other!.clock.at += HOUR
      await other!.tending({ isQuiet: true, isPublishing: false })
      expect(await visitorPartitions(other!.sql)).toEqual([1])
      await other!.publish(presetNamed('agency'))
      await expectReplay(other!)
    })

    it('that read under a former model are not cut off: its rows go later', async () => {
      const [one] = await openMany(server, 1)
      await one!.log.append([from('a', page('1'))], [])
      await one!.publish(presetNamed('shop'))
      expect(await visitorPartitions(one!.sql)).toEqual([1, 2])
      const reading = one!.sql.begin(async (tx) => {
        await tx`SELECT count(*) FROM visitor`
        await setTimeout(500)
      })
      await setTimeout(50)
      await one!.tending({ isQuiet: true, isPublishing: false }).catch(() => undefined)
      await reading
      one!.clock.at += HOUR
      await one!.tending({ isQuiet: true, isPublishing: false })
      expect(await visitorPartitions(one!.sql)).toEqual([2])
      const [dead] = await one!.sql`SELECT count(*) AS n FROM aggregate WHERE version NOT IN (0, 2)`
      expect(dead!.n).toBe(0)
    })

    it('refuse whom one of them has erased, whatever was under way', async () => {
      const [one, other] = await openMany(server, 2)
      const ann = secrets('ann')
      let isOver = false
      const tell = async (collector: PostgresCollector, name: string): Promise<number> => {
        let erased = 0
        for (let n = 0; !isOver || n < 10; n += 1) {
          const who = { anonymous: `canary-ann-${name}-${n % 3}` }
          const events = [
            from(who, named(`${name}${n}`, ann.email, NOON + n)),
            from(`${name}${n}`, page(`${name}p${n}`)),
          ]
          const receipts = await collector.log.append(events, [])
          if (receipts[0] === 'erased') erased += 1
          expect(receipts[1]).toBe('accepted')
        }
        return erased
      }
      const telling2 = [tell(one!, 'x'), tell(other!, 'y')]
      await setTimeout(150)
      const { id } = (await one!.views.visitor(ann.email))!
      const [first, second] = await Promise.all([
        one!.erase([id], { mode: 'erase', actor: 'test' }),
        other!.erase([id], { mode: 'erase', actor: 'test' }),
      ])
      expect(first!.people + second!.people).toBe(1)
      await setTimeout(100)
      isOver = true
      const refused = await Promise.all(telling2)
      expect(Math.min(...refused)).toBeGreaterThan(0)
      expect(telling(await postgresRows(one!.sql), ann)).toEqual([])
      expect(await one!.views.visitor(ann.email)).toBeUndefined()
      expect(await countsOf(one!)).toEqual(await addedOf(one!))
    })

    it('leave retention to one of them, once a day, until a site keeps for another time', async () => {
      const url = await server.newDatabase()
      const settings = { retentionDays: 90 }
      const [one, other] = [await openCollector({ url, settings }), await openCollector({ url, settings })]
      for (const { clock } of [one, other]) clock.at = NOON + 91 * DAY
      expect(await one.tend()).toBe(false)
      await one.log.append([from('ann', page('p'))], [])
      expect([await one.tend(), await other.tend()]).toEqual([false, false])
      expect(await one.views.visitor('ann')).toBeDefined()
      await other.pass(NOON + 91 * DAY)
      expect(await one.views.visitor('ann')).toBeUndefined()
    })
  })

  describe('a lease', () => {
    it('is had by one at a time, until it ends or is given back', async () => {
      const [one] = await openMany(server, 1)
      let now = 0
      const lease = (holder: string) => createLease(one!.sql, { name: 'x', holder, now: () => now })
      const [ann, bob] = [lease('ann'), lease('bob')]
      expect([await ann.take(100), await bob.take(100), await ann.take(200)]).toEqual([true, false, true])
      now = 200
      expect(await bob.take(300)).toBe(true)
      expect(await one!.sql.begin((tx) => ann.keep(tx, 400))).toBe(false)
      await ann.release()
      expect(await ann.take(400)).toBe(false)
      await bob.release()
      expect(await ann.take(400)).toBe(true)
    })
  })

  describe('a database restored from before', () => {
    const ann = secrets('ann')
    const meet = async ({ log }: PostgresCollector): Promise<void> => {
      await log.append([from({ anonymous: 'canary-ann-phone' }, named('1', ann.email)), from('bob', page('2'))], [])
    }

    it('forgets again, at the start, whom the file remembers', async () => {
      const [before, after] = [await server.newDatabase(), await server.newDatabase()]
      const first = await openCollector({ url: before })
      await meet(first)
      await first.erase([(await first.views.visitor(ann.email))!.id], { mode: 'erase', actor: 'test' })
      // One whose names are the same: what a backup brings back.
      const backup = await openCollector({ url: after })
      await meet(backup)
      const again = await openCollector({ url: after, folder: first.folder })
      expect(telling(await again.rows(), ann)).toEqual([])
      expect((await everyone(again)).map(({ state }) => state.views)).toEqual([1])
      expect(again.isErased('default', { anonymous: 'canary-ann-phone' }, undefined)).toBe(true)
      expect(await backup.log.append([from('new', named('3', ann.email))], [])).toEqual(['erased'])
    })

    it('is told apart from one whose hashes were made under another secret', async () => {
      const url = await server.newDatabase()
      const first = await openCollector({ url })
      await meet(first)
      await first.erase([(await first.views.visitor(ann.email))!.id], { mode: 'erase', actor: 'test' })
      const problems: unknown[] = []
      const report = (problem: unknown): void => void problems.push(problem)
      await openCollector({ url, report })
      expect(problems).toEqual([])
      await openCollector({ url, report, key: Buffer.alloc(32, 8) })
      expect(problems).toEqual([expect.stringContaining('LEADLIGHT_SECRET')])
    })

    it('reads what every other collector has erased into its own file, and no line that was cut off', async () => {
      const url = await server.newDatabase()
      const [one, other] = [await openCollector({ url }), await openCollector({ url })]
      await meet(one)
      appendFileSync(join(other.folder, 'leadlight.erased'), 'mark 0123')
      await one.erase([(await one.views.visitor(ann.email))!.id], { mode: 'erase', actor: 'test' })
      expect(await other.log.append([from('new', named('3', ann.email))], [])).toEqual(['erased'])
      expect([...other.marks.marks()].toSorted()).toEqual([...one.marks.marks()].toSorted())
      const third = await openCollector({ url: await server.newDatabase(), folder: other.folder })
      expect(third.isErased('default', { anonymous: 'canary-ann-phone' }, undefined)).toBe(true)
    })
  })

  describe('months', () => {
    const months = async ({ sql }: PostgresCollector): Promise<readonly string[]> => {
      const rows = await sql<{ name: string }[]>`
        SELECT relname AS name FROM pg_class WHERE relname ~ '^event_[0-9]+$' AND relkind = 'r' ORDER BY 1`
      return rows.map(({ name }) => name)
    }
    const tend = async (collector: PostgresCollector, at: number): Promise<void> => {
      collector.clock.at = at
      await collector.tending({ isQuiet: true, isPublishing: false })
    }
    const MAY = Date.UTC(2026, 4, 3)
    const month = (n: number): string => `event_${2026 * 12 + n}`

    it('have partitions of their own ahead of time, which go when nothing is left in them', async () => {
      const url = await server.newDatabase()
      const store = await openCollector({ url, settings: { retentionDays: 30 } })
      await tend(store, MAY)
      expect(await months(store)).toEqual([month(4), month(5)])
      await store.log.append([from('ann', page('1', MAY)), from('bob', page('2', MAY - 90 * DAY))], [])
      const [row] = await store.sql`SELECT count(*) AS n FROM ${store.sql(month(4))}`
      expect(row!.n).toBe(1)
      await tend(store, MAY + 20 * DAY)
      await tend(store, MAY + 40 * DAY)
      expect(await months(store)).toEqual([month(4), month(5), month(6)])
      await store.pass(MAY + 40 * DAY)
      await tend(store, MAY + 41 * DAY)
      expect(await months(store)).toEqual([month(5), month(6)])
    })

    it('whose events came before their partition stay where they are, and are read all the same', async () => {
      const store = await openCollector({ url: await server.newDatabase() })
      await store.log.append([from('ann', page('1', MAY))], [])
      await tend(store, MAY)
      expect(await months(store)).toEqual([month(5)])
      await store.log.append([from('ann', page('2', MAY + 1))], [])
      expect((await store.views.visitor('ann'))!.state.views).toBe(2)
    })
  })

  describe('a simulation', () => {
    it('reads everyone in slices, up to where the log stood, as a replay of all would', async () => {
      const [one] = await openMany(server, 1)
      for (let n = 0; n < 30; n += 1) await one!.log.append([from(`v${n % 9}`, page(`${n}`, NOON + n))], [])
      await one!.log.append(
        [from({ anonymous: 'v1', user: 'u' }, page('m1')), from({ anonymous: 'v2', user: 'u' }, page('m2'))],
        [],
      )
      const head = await one!.views.head()
      await one!.log.append([from('late', page('late'))], [])
      const seen: string[] = []
      let slices = 0
      for await (const { people } of one!.history.slices({ head, events: 4 })) {
        slices += 1
        seen.push(...people.flatMap(({ events }) => events.map(({ id }) => id)))
      }
      expect(seen.toSorted()).toEqual([...Array.from({ length: 30 }, (_, n) => `${n}`), 'm1', 'm2'].toSorted())
      expect(slices).toBeGreaterThan(3)
      const [old, next] = [one!.edition(), one!.edition()]
      const progress: number[] = []
      const onProgress = (done: number, total: number): void => void progress.push(done / total)
      const result = await simulate({ history: one!.history, old, next, now: NOON + DAY, head, onProgress })
      expect(progress.at(-1)).toBe(1)
      expect(result).toMatchObject({ visitors: 8 })
    })
  })
}

if (server) {
  const open = openEndingOn(server.newDatabase)
  describeErasing('PostgreSQL', open)
  describeRetention('PostgreSQL', open)
  describePublishing('PostgreSQL', open, 12)
  describeMany(server)
} else describe.skip(`endings on PostgreSQL (${missing})`, () => it('needs a server', () => undefined))
