/** A move of everything from SQLite to a PostgreSQL on this machine, its check included; against only reading the file. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEdition } from '../collector/edition.ts'
import { newSite } from '../collector/routes/admin.ts'
import { createSeal } from '../collector/seal.ts'
import { move } from '../collector/store/move.ts'
import { openReader, openWriter } from '../collector/store/sqlite.ts'
import { createSqliteLog } from '../collector/store/sqlite-log.ts'
import { createSqliteModels, markPublished } from '../collector/store/sqlite-models.ts'
import { createSqliteSettings } from '../collector/store/sqlite-settings.ts'
import { createTerms } from '../collector/store/sqlite-terms.ts'
import { eventsIn, stateIn } from '../collector/store/stored.ts'
import { DEFAULT_MODEL } from '../shared/default-model.ts'
import { missing, startPostgres } from '../test/postgres.ts'
import { happenings } from './history.ts'
import { type Figure, inMs, measureOnce, perSecond, type Sizes } from './measure.ts'

/** Events appended at once. */
const GROUP = 2000

export const benchMove = async ({ events, visitors }: Sizes): Promise<readonly Figure[]> => {
  const server = await startPostgres()
  if (!server) throw new Error(`There is nowhere to move to: ${missing}`)
  const folder = mkdtempSync(join(tmpdir(), 'leadlight-bench-'))
  const file = join(folder, 'bench.db')
  try {
    await fill(file, { events, visitors })
    const url = await server.newDatabase()
    const seal = createSeal('a secret of this bench')
    const bare = await measureOnce(async (sample) => read(file, sample))
    const ours = await measureOnce(async (sample) => {
      await move({ file, url, seal, now: Date.now(), onProgress: sample })
    })
    const figure = (what: string, amount: number): Figure => ({
      what: `move ${amount} ${what}`,
      value: perSecond(amount, ours.wall),
      baseline: perSecond(amount, bare.wall),
      ratio: (bare.wall / ours.wall).toFixed(3),
      note: `${inMs(ours.wall)} on the clock, ${inMs(ours.cpu)} of it ours, at most ${ours.memory} MB resident (${ours.before} before); baseline: read and decode`,
    })
    return [figure('events', events), figure('visitors', visitors)]
  } finally {
    rmSync(folder, { recursive: true, force: true })
    await server.stop()
  }
}

const fill = async (file: string, { events, visitors }: Pick<Sizes, 'events' | 'visitors'>): Promise<void> => {
  const { db, close } = openWriter(file)
  db.pragma('synchronous = OFF')
  await createSqliteSettings(db).insertSite(newSite('default', 0))
  const models = createSqliteModels(db)
  const version = await models.insertDraft({ model: DEFAULT_MODEL, author: '', reason: '', createdAt: 0 })
  markPublished(db, version, { approver: '', reason: '', at: 0 })
  const edition = createEdition(await models.published())
  let ids = 0
  const newId = (): string => {
    ids += 1
    return `${(ids * 7919) % 1_000_003}`.padStart(32, '0')
  }
  const log = createSqliteLog(db, { scoring: () => edition, newId, now: Date.now })
  const all = [...happenings(visitors, events)]
  for (let from = 0; from < all.length; from += GROUP)
    await log.append(
      all.slice(from, from + GROUP).map(({ visitor, event }) => ({
        site: 'default',
        who: { anonymous: `visitor ${visitor}` },
        event,
      })),
      [],
    )
  close()
}

const read = (file: string, sample: () => void): void => {
  const db = openReader(file)
  const terms = createTerms(db)
  for (const body of db.prepare('SELECT body FROM event').pluck().iterate() as Iterable<Buffer>) eventsIn(body, terms)
  sample()
  for (const state of db.prepare('SELECT state FROM visitor WHERE state IS NOT NULL').pluck().iterate())
    stateIn(state as Buffer, terms)
  sample()
  db.close()
}
