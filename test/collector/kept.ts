/** What a database must hold after whatever befell it. */
import { expect } from 'vitest'
import { openReader } from '../../collector/store/sqlite.ts'
import { createTerms } from '../../collector/store/sqlite-terms.ts'
import { createSqliteViews } from '../../collector/store/sqlite-views.ts'
import { eventsIn } from '../../collector/store/stored.ts'
import { replayed } from '../../shared/append.ts'
import { DEFAULT_MODEL } from '../../shared/default-model.ts'
import { createFold } from '../../shared/visitor.ts'
import type { Told } from './load.ts'

/** The id of every event, as often as it is there. */
export const idsIn = (path: string): readonly string[] => {
  const db = openReader(path)
  const terms = createTerms(db)
  const bodies = db.prepare('SELECT body FROM event').pluck().all() as Buffer[]
  const ids = bodies.flatMap((body) => eventsIn(body, terms).map(({ id }) => id))
  db.close()
  return ids
}

/** What was acknowledged is in the file, once; and nothing that was never sent. */
export const expectKeptIn = (path: string, told: Told): void => {
  const ids = idsIn(path)
  const stored = new Set(ids)
  expect(ids.length - stored.size, 'doubled').toBe(0)
  expect(
    [...told.acked].filter((id) => !stored.has(id)),
    'lost',
  ).toEqual([])
  expect(
    ids.filter((id) => !told.acked.has(id) && !told.unknown.has(id)),
    'never sent',
  ).toEqual([])
}

/** The file is whole, and every visitor is what their events make of them. */
export const expectSoundIn = async (path: string): Promise<number> => {
  const db = openReader(path)
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
  const views = createSqliteViews(db)
  const fold = createFold(DEFAULT_MODEL)
  const now = Date.now()
  const { items } = await views.visitors({ sort: 'lastSeen', limit: 10_000 })
  for (const { id, state } of items) {
    const events = (await views.events(id)).map(({ event }) => event)
    const anew = replayed(fold, events, { transitions: [] })!
    for (const each of [anew, state]) fold.advance(each, now, { transitions: [] })
    expect(state).toEqual(anew)
  }
  db.close()
  return items.length
}
