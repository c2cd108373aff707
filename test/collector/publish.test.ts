/** What publishing on SQLite does with its tables and files, beside what holds for every store. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
import type { Model } from '../../shared/model.ts'
import { presetNamed } from '../../shared/presets.ts'
import { everyone } from '../contract/ending-store.ts'
import { expectReplay } from '../contract/publishing.ts'
import { NOON } from '../shared/given.ts'

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
  const shut = (): void => {
    reader.close()
    close()
  }
  return { path, db, reader, log, models, views, clock, begin, publish, edition: () => edition, shut }
}

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
    const [gone, kept] = await everyone(store)
    store.db.prepare('DELETE FROM visitor WHERE id = ?').run(gone!.id)
    rebuild.finish()
    expect((await everyone(store)).map(({ id }) => id)).toEqual([kept!.id])
    store.shut()
  })
})

describe('until the switch', () => {
  it('every reader sees the old model, and never a row of the other', async () => {
    const store = await open(presetNamed('standard'))
    await store.log.append([demo, mail], [])
    const before = await everyone(store)
    const rebuild = await store.begin(presetNamed('agency'))
    while (!rebuild.step().isReady) expect(await everyone(store)).toEqual(before)
    expect(await everyone(store)).toEqual(before)
    rebuild.finish()
    expect((await everyone(store))[0]?.modelVersion).toBe(2)
    store.shut()
  })

  it('a process that ends leaves the old version serving, and publishing can be repeated', async () => {
    const store = await open(presetNamed('standard'))
    await store.log.append([demo, mail], [])
    const before = await everyone(store)
    const rebuild = await store.begin(strict)
    rebuild.step()
    expect(store.reader.prepare(`SELECT count(*) FROM visitor_next`).pluck().get()).toBe(1)
    store.shut()

    const again = await open(presetNamed('standard'), store.path)
    expect(await everyone(again)).toEqual(before)
    expect((await again.models.published()).version).toBe(1)
    expect(again.reader.prepare(`SELECT count(*) FROM sqlite_schema WHERE name LIKE '%next%'`).pluck().get()).toBe(0)
    await again.publish(strict)
    await expectReplay(again)
    expect((await everyone(again))[0]?.state.qualification).toBe('mql')
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
