/** Publishing a model: everyone as if it had always scored, nothing lost that arrives meanwhile, and a way back. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { createEdition, type Edition } from '../../collector/edition.ts'
import { newSite } from '../../collector/routes/admin.ts'
import { openReader, openWriter } from '../../collector/store/sqlite.ts'
import { createSqliteLog } from '../../collector/store/sqlite-log.ts'
import { createSqliteModels, markPublished } from '../../collector/store/sqlite-models.ts'
import { clearRebuild } from '../../collector/store/sqlite-next-table.ts'
import { beginRebuild } from '../../collector/store/sqlite-rebuild.ts'
import { createSqliteSettings } from '../../collector/store/sqlite-settings.ts'
import { createSqliteViews } from '../../collector/store/sqlite-views.ts'
import type { Arriving } from '../../shared/append.ts'
import { replayed } from '../../shared/append.ts'
import type { Model } from '../../shared/model.ts'
import { presetNamed } from '../../shared/presets.ts'
import { heatKey } from '../../shared/score.ts'
import { DAY, NOON } from '../shared/given.ts'
import { arrivals, history, MODELS } from '../shared/histories.ts'

const folder = mkdtempSync(join(tmpdir(), 'leadlight-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let count = 0
const newPath = (): string => {
  count += 1
  return join(folder, `${count}.db`)
}

/** The collector's writer without its thread: steps are taken by hand. */
const open = async (model: Model, path = newPath()) => {
  const { db, close } = openWriter(path)
  const [settings, models] = [createSqliteSettings(db), createSqliteModels(db)]
  clearRebuild(db)
  if ((await settings.sites()).length === 0) {
    await settings.insertSite(newSite('default', NOON))
    const version = await models.insertDraft({ model, author: '', reason: '', createdAt: NOON })
    markPublished(db, version, { approver: '', reason: '', at: NOON })
  }
  const clock = { at: NOON }
  let edition: Edition = createEdition(await models.published())
  let ids = 0
  const newId = (): string => {
    ids += 1
    return `id${String(ids).padStart(6, '0')}`
  }
  const log = createSqliteLog(db, { scoring: () => edition, newId, now: () => clock.at })
  const begin = async (next: Model) => {
    const version = await models.insertDraft({ model: next, author: 'Ann', reason: 'a trial', createdAt: clock.at })
    const scoring = createEdition((await models.model(version))!)
    const rebuild = beginRebuild(db, { scoring, now: () => clock.at, slice: 1 })
    const finish = (): void => {
      rebuild.finish({ approver: 'Bob', reason: 'it is better' })
      edition = scoring
      log.forget()
    }
    return { ...rebuild, finish }
  }
  const publish = async (next: Model): Promise<void> => {
    const rebuild = await begin(next)
    while (!rebuild.step().isReady);
    rebuild.finish()
  }
  const reader = openReader(path)
  const views = createSqliteViews(reader)
  const everyone = async () => {
    const page = await views.visitors({ sort: 'lastSeen', limit: 1000 })
    return page.items.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  }
  const shut = (): void => {
    reader.close()
    close()
  }
  return { path, db, reader, log, models, views, clock, begin, publish, everyone, edition: () => edition, shut }
}
type Opened = Awaited<ReturnType<typeof open>>

/** What everyone must be: their events folded under the model, brought to the present. */
const expectReplay = async ({ views, everyone, edition, clock, reader }: Opened): Promise<void> => {
  const rows = reader.prepare('SELECT id, heat, stage, due FROM visitor').all() as Record<string, unknown>[]
  for (const { id, site, state, modelVersion } of await everyone()) {
    const fold = edition().foldOf(site)
    const events = (await views.events(id)).map(({ event }) => event)
    const expected = replayed(fold, events, { transitions: [] })!
    fold.advance(expected, clock.at, { transitions: [] })
    fold.advance(state, clock.at, { transitions: [] })
    expect(state).toEqual(JSON.parse(JSON.stringify(expected)))
    expect(modelVersion).toBe(edition().version)
    const row = rows.find((each) => each.id === id)
    expect(row?.heat ?? undefined).toEqual(heatKey(expected.heat, edition().model))
    expect(row?.stage).toBe(expected.stage)
  }
}

const WHO = [{ anonymous: 'a' }, { anonymous: 'b' }, { anonymous: 'c' }, { anonymous: 'd', user: 'u1' }] as const

/** Several people, who may turn out to be one; their events in the order of arrival. */
const arrivings = fc
  .array(fc.tuple(fc.constantFrom(...WHO), history(12)), { minLength: 2, maxLength: 5 })
  .map((people): readonly Arriving[] =>
    people.flatMap(([who, steps], person) =>
      arrivals(steps).map(({ event }) => ({ site: 'default', who, event: { ...event, id: `${person}-${event.id}` } })),
    ),
  )

describe('publishing', { timeout: 180_000 }, () => {
  it('makes everyone as if the model had always scored, whatever arrives meanwhile', async () => {
    const cases = fc.tuple(arrivings, fc.constantFrom(...MODELS), fc.constantFrom(...MODELS), fc.nat(100))
    await fc.assert(
      fc.asyncProperty(cases, async ([arriving, old, next, share]) => {
        const store = await open(old)
        const before = Math.floor((arriving.length * share) / 100)
        store.clock.at = Math.max(...arriving.map(({ event }) => event.at)) + DAY
        await store.log.append(arriving.slice(0, before), [])
        const rebuild = await store.begin(next)
        for (const each of arriving.slice(before)) {
          await store.log.append([each], [])
          rebuild.step()
        }
        while (!rebuild.step().isReady);
        rebuild.finish()
        await expectReplay(store)
        expect((await store.views.read(0, 1000)).filter(({ what }) => 'event' in what)).toHaveLength(
          new Set(arriving.map(({ event }) => event.id)).size,
        )
        store.shut()
      }),
      { numRuns: 60 },
    )
  })

  it('goes on folding live under the new model', async () => {
    await fc.assert(
      fc.asyncProperty(arrivings, fc.nat(100), async (arriving, share) => {
        const store = await open(presetNamed('standard'))
        const before = Math.floor((arriving.length * share) / 100)
        store.clock.at = Math.max(...arriving.map(({ event }) => event.at)) + DAY
        await store.log.append(arriving.slice(0, before), [])
        await store.publish(presetNamed('shop'))
        await store.log.append(arriving.slice(before), [])
        while ((await store.log.wake(store.clock.at, 100)) > 0);
        await expectReplay(store)
        store.shut()
      }),
      { numRuns: 40 },
    )
  })

  it('is undone by publishing the former document again', async () => {
    await fc.assert(
      fc.asyncProperty(arrivings, async (arriving) => {
        const store = await open(presetNamed('standard'))
        store.clock.at = Math.max(...arriving.map(({ event }) => event.at)) + DAY
        await store.log.append(arriving, [])
        await store.publish(presetNamed('standard'))
        const before = await store.everyone()
        await store.publish(presetNamed('agency'))
        await store.publish(presetNamed('standard'))
        expect((await store.everyone()).map(({ state }) => state)).toEqual(before.map(({ state }) => state))
        store.shut()
      }),
      { numRuns: 20 },
    )
  })
})

const demo: Arriving = {
  site: 'default',
  who: { anonymous: 'a' },
  event: { id: 'e1', at: NOON, source: 'server', type: 'track', name: 'demo_request' },
}
const mail: Arriving = {
  site: 'default',
  who: { anonymous: 'a' },
  event: { id: 'e2', at: NOON, source: 'server', type: 'identify', traits: { email: 'ann@acme.example' } },
}
const strict = presetNamed('standard', 'strict')

describe('a change of model', () => {
  it('is one transition for what changed of each visitor, told apart from what happened', async () => {
    const store = await open(presetNamed('standard'))
    await store.log.append([demo, mail], [])
    await store.log.append([{ ...demo, who: { anonymous: 'b' }, event: { ...demo.event, id: 'e3' } }], [])
    const [ann, other] = await store.everyone()
    const history = await store.views.transitions(ann!.id)
    await store.publish(strict)
    const now = await store.views.transitions(ann!.id)
    expect(now.slice(0, -1)).toEqual(history)
    expect(now.at(-1)).toMatchObject({
      what: 'qualification',
      from: 'sql',
      to: 'mql',
      rule: 'model 2',
      cause: 'model',
      modelVersion: 2,
      at: NOON,
      score: 45,
    })
    expect((await store.views.transitions(other!.id)).filter(({ cause }) => cause === 'model')).toEqual([])
    store.shut()
  })

  it('is read in the log after all that happened before', async () => {
    const store = await open(presetNamed('standard'))
    await store.log.append([demo, mail], [])
    const head = await store.views.head()
    await store.publish(strict)
    const [entry, ...more] = await store.views.read(head, 10)
    expect(more).toEqual([])
    expect(entry?.what).toMatchObject({ transition: { cause: 'model', to: 'mql' } })
    expect((await store.views.changed(head, await store.views.head(), 10)).map(({ seq }) => seq)).toEqual([entry?.seq])
    await store.log.append([{ ...demo, event: { ...demo.event, id: 'e9' } }], [])
    expect((await store.views.read(entry!.seq, 10)).length).toBeGreaterThan(0)
    store.shut()
  })

  it('retires the former version and says who approved it and why', async () => {
    const store = await open(presetNamed('standard'))
    await store.publish(strict)
    expect(await store.models.versions()).toMatchObject([
      { version: 2, state: 'published', author: 'Ann', approver: 'Bob', reason: 'it is better' },
      { version: 1, state: 'retired' },
    ])
    store.shut()
  })

  it('keeps every index, turn after turn', async () => {
    const store = await open(presetNamed('standard'))
    const indexes = () =>
      (
        store.reader
          .prepare(`SELECT sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'visitor'`)
          .pluck()
          .all() as (string | null)[]
      )
        .map((sql) => sql?.replace(/^CREATE INDEX \w+/, '').replaceAll('"', '') ?? '')
        .sort()
    const before = indexes()
    for (let turn = 0; turn < 3; turn += 1) await store.publish(strict)
    expect(indexes()).toEqual(before)
    expect(before.length).toBeGreaterThan(4)
    store.shut()
  })

  it('leaves nobody of whom a row was removed meanwhile', async () => {
    const store = await open(presetNamed('standard'))
    await store.log.append([demo, mail, { ...demo, who: { anonymous: 'b' }, event: { ...demo.event, id: 'e3' } }], [])
    const rebuild = await store.begin(strict)
    while (!rebuild.step().isReady);
    const [gone, kept] = await store.everyone()
    store.db.prepare('DELETE FROM visitor WHERE id = ?').run(gone!.id)
    rebuild.finish()
    expect((await store.everyone()).map(({ id }) => id)).toEqual([kept!.id])
    store.shut()
  })
})

describe('until the switch', () => {
  it('every reader sees the old model, and never a row of the other', async () => {
    const store = await open(presetNamed('standard'))
    await store.log.append([demo, mail], [])
    const before = await store.everyone()
    const rebuild = await store.begin(presetNamed('agency'))
    while (!rebuild.step().isReady) expect(await store.everyone()).toEqual(before)
    expect(await store.everyone()).toEqual(before)
    rebuild.finish()
    expect((await store.everyone())[0]?.modelVersion).toBe(2)
    store.shut()
  })

  it('a process that ends leaves the old version serving, and publishing can be repeated', async () => {
    const store = await open(presetNamed('standard'))
    await store.log.append([demo, mail], [])
    const before = await store.everyone()
    const rebuild = await store.begin(strict)
    rebuild.step()
    expect(store.reader.prepare(`SELECT count(*) FROM visitor_next`).pluck().get()).toBe(1)
    store.shut()

    const again = await open(presetNamed('standard'), store.path)
    expect(await again.everyone()).toEqual(before)
    expect((await again.models.published()).version).toBe(1)
    expect(again.reader.prepare(`SELECT count(*) FROM sqlite_schema WHERE name LIKE '%next%'`).pluck().get()).toBe(0)
    await again.publish(strict)
    await expectReplay(again)
    expect((await again.everyone())[0]?.state.qualification).toBe('mql')
    again.shut()
  })

  it('what is abandoned leaves no trace', async () => {
    const store = await open(presetNamed('standard'))
    await store.log.append([demo, mail], [])
    const rebuild = await store.begin(strict)
    rebuild.step()
    rebuild.abandon()
    await store.log.append([{ ...demo, event: { ...demo.event, id: 'e4' } }], [])
    expect(store.reader.prepare(`SELECT count(*) FROM sqlite_schema WHERE name LIKE '%next%'`).pluck().get()).toBe(0)
    store.shut()
  })
})
