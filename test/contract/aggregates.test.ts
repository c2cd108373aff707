/** The counts that reports are read from are, at any time, what all visitors add up to. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { createEdition } from '../../collector/edition.ts'
import { newSite } from '../../collector/routes/admin.ts'
import { openWriter } from '../../collector/store/sqlite.ts'
import { countAll, countFirst } from '../../collector/store/sqlite-aggregates.ts'
import { createSqliteLog } from '../../collector/store/sqlite-log.ts'
import { createSqliteModels, markPublished } from '../../collector/store/sqlite-models.ts'
import { beginRebuild } from '../../collector/store/sqlite-rebuild.ts'
import { createSqliteSettings } from '../../collector/store/sqlite-settings.ts'
import type { Counted } from '../../shared/contribution.ts'
import { DEFAULT_MODEL, presetModel } from '../../shared/default-model.ts'
import type { Model } from '../../shared/model.ts'
import { arrivals, history, type Step } from '../shared/histories.ts'
import { DAY, event, from, NOON } from './events.ts'

const folder = mkdtempSync(join(tmpdir(), 'leadlight-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0

const open = async () => {
  files += 1
  const { db, close } = openWriter(join(folder, `${files}.db`))
  const settings = createSqliteSettings(db)
  for (const name of ['default', 'other']) await settings.insertSite(newSite(name, NOON))
  const models = createSqliteModels(db)
  const draft = (model: Model) => models.insertDraft({ model, author: '', reason: '', createdAt: NOON })
  markPublished(db, await draft(DEFAULT_MODEL), { approver: '', reason: '', at: NOON })
  let edition = createEdition({ version: 1, model: DEFAULT_MODEL })
  let [ids, clock] = [0, NOON]
  const newId = (): string => {
    ids += 1
    return `${ids}`.padStart(32, '0')
  }
  const log = createSqliteLog(db, { scoring: () => edition, newId, now: () => clock, remembers: 2 })
  const rows = (sql: string): readonly string[] => (db.prepare(sql).raw().all() as unknown[][]).map(String).toSorted()
  return {
    log,
    db,
    stored: () => rows(`SELECT site, kind, what, outcome, day, n FROM aggregate WHERE kind <> 'move'`),
    added: () => {
      const sums = new Map<string, number>()
      const change = (site: string, _: readonly Counted[], after: readonly Counted[]): void => {
        for (const { kind, of, end, day } of after) {
          const key = `${site === 'default' ? 1 : 2},${kind},${of},${end},${day}`
          sums.set(key, (sums.get(key) ?? 0) + 1)
        }
      }
      countAll(db, { change }, edition.model)
      return [...sums].map(([key, n]) => `${key},${n}`).toSorted()
    },
    moves: () => rows(`SELECT what, outcome, day, n FROM aggregate WHERE kind = 'move'`),
    recorded: () =>
      rows(`SELECT model || ' ' || what, target, at / ${DAY}, count(*) FROM transition
        WHERE what <> 'flag' AND cause = 'live' GROUP BY 1, 2, 3`),
    wake: async (now: number) => {
      clock = Math.max(clock, now)
      await log.wake(clock, 100)
    },
    publish: async (model: Model, meanwhile: () => Promise<unknown>) => {
      const next = createEdition({ version: await draft(model), model })
      const rebuild = beginRebuild(db, { scoring: next, now: () => clock, slice: 5 })
      for (let step = 0; !rebuild.step().isReady; step += 1) if (step === 1) await meanwhile()
      await meanwhile()
      rebuild.finish({ approver: 'me', reason: 'better' })
      edition = next
      log.forget()
    },
    close,
  }
}
type Store = Awaited<ReturnType<typeof open>>

const people = ['a', 'b', 'c', 'd'] as const
type Name = (typeof people)[number]
type Deed =
  | { readonly what: 'say'; readonly who: Name; readonly steps: readonly Step[] }
  | { readonly what: 'merge'; readonly who: Name; readonly other: Name }
  | { readonly what: 'unmerge'; readonly who: Name; readonly other: Name }
  | { readonly what: 'publish'; readonly model: Model; readonly who: Name; readonly steps: readonly Step[] }

const who = fc.constantFrom(...people)
const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ what: fc.constant('say' as const), who, steps: history(8) }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('merge' as const), who, other: who }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('unmerge' as const), who, other: who }) },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('publish' as const),
      model: fc.constantFrom(presetModel('short', 'strict'), presetModel('long'), DEFAULT_MODEL),
      who,
      steps: history(4),
    }),
  },
)

const tell = async (store: Store, anonymous: string, { steps, prefix }: { steps: readonly Step[]; prefix: string }) => {
  for (const { event: each, wake } of arrivals(steps)) {
    if (wake !== undefined) await store.wake(each.at + wake)
    await store.log.append([from(anonymous, { ...each, id: `${prefix}${each.id}` })], [])
  }
}
const idOf = ({ db }: Store, name: string): string =>
  (db
    .prepare('SELECT v.id FROM name n JOIN visitor v ON v.n = n.visitor WHERE n.value = ?')
    .pluck()
    .get(name) as string) ?? ''

const run = async (store: Store, did: Deed, prefix: string): Promise<void> => {
  if (did.what === 'say') await tell(store, did.who, { steps: did.steps, prefix })
  else if (did.what === 'merge') await store.log.merge(idOf(store, did.who), idOf(store, did.other), NOON)
  else if (did.what === 'unmerge') await store.log.unmerge(idOf(store, did.who), NOON)
  else {
    let times = 0
    await store.publish(did.model, () => {
      times += 1
      return tell(store, did.who, { steps: did.steps, prefix: `${prefix}${times}` })
    })
  }
}

describe('counts', () => {
  it('are what all visitors add up to, whatever came late, was joined, parted or published', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { minLength: 1, maxLength: 8 }), async (deeds) => {
        const store = await open()
        try {
          for (const [n, did] of deeds.entries()) {
            await run(store, did, `${n}-`)
            expect(store.stored()).toEqual(store.added())
            expect(store.moves()).toEqual(store.recorded())
          }
        } finally {
          store.close()
        }
      }),
      { numRuns: 40 },
    )
  }, 60_000)

  it('are not touched by what was not written', async () => {
    const store = await open()
    await store.log.append([from('a', event('page', { id: '1', url: 'https://x.example/pricing' }))], [])
    const before = store.stored()
    expect(before.length).toBeGreaterThan(3)
    store.db.exec(`CREATE TRIGGER full BEFORE INSERT ON event BEGIN SELECT raise(ABORT, 'full'); END`)
    await expect(store.log.append([from('b', event('page', { id: '2' }))], [])).rejects.toThrow('full')
    store.db.exec('DROP TRIGGER full')
    await store.log.append([from('c', event('page', { id: '3' }))], [])
    expect(store.stored()).toEqual(store.added())
    store.close()
  })

  it('are made of a file that has none yet, or no longer: what was recorded is never made again', async () => {
    const store = await open()
    for (const name of people)
      await store.log.append([from(name, event('form', { id: name, signal: 'demo_request' }))], [])
    const before = store.stored()
    const moves = store.moves()
    expect(moves.length).toBeGreaterThan(0)
    store.db.exec("DELETE FROM aggregate WHERE kind <> 'move'")
    countFirst(store.db, DEFAULT_MODEL)
    expect(store.stored()).toEqual(before)
    countFirst(store.db, DEFAULT_MODEL)
    expect([store.stored(), store.moves()]).toEqual([before, moves])
    store.close()
  })

  it('are of people: who came only as a robot is in none', async () => {
    const store = await open()
    await store.log.append([from('bot', event('page', { id: '1', flagged: 'bot' }))], [])
    expect(store.stored()).toEqual([])
    await store.log.append([from('bot', event('page', { id: '2' }))], [])
    expect(store.stored().length).toBeGreaterThan(0)
    expect(store.stored()).toEqual(store.added())
    store.close()
  })
})
