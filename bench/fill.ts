/**
 * A collector's file in which much has happened, made as fast as can be: each visitor's whole history in one piece, and
 * nothing synced. Indexes, ids and states are as they would be; only the rows of one visitor lie closer together.
 */
import { randomBytes } from 'node:crypto'
import { createEdition } from '../collector/edition.ts'
import { newSite } from '../collector/routes/admin.ts'
import { openWriter } from '../collector/store/sqlite.ts'
import { createSqliteLog } from '../collector/store/sqlite-log.ts'
import { createSqliteModels, markPublished } from '../collector/store/sqlite-models.ts'
import { createSqliteSettings } from '../collector/store/sqlite-settings.ts'
import type { Arriving } from '../shared/append.ts'
import { DEFAULT_MODEL } from '../shared/default-model.ts'
import { histories } from './history.ts'
import type { Amount } from './measure.ts'
import { anonymousOf, idsOf } from './storage.ts'

/** Events in one transaction, and visitors brought up to date in one. */
const GROUP = 20_000
const WAKE = 5000
const TOLD = 1_000_000

export const fillFast = async (path: string, { events, visitors }: Amount): Promise<void> => {
  const { db, close } = openWriter(path)
  db.pragma('synchronous = OFF')
  await createSqliteSettings(db).insertSite(newSite('demo', Date.now(), { allowsAutomation: true }))
  const draft = { model: DEFAULT_MODEL, author: '', reason: '', createdAt: 0 }
  markPublished(db, await createSqliteModels(db).insertDraft(draft), { approver: '', reason: '', at: 0 })
  const edition = createEdition({ version: 1, model: DEFAULT_MODEL })
  const newId = (): string => randomBytes(16).toString('hex')
  const log = createSqliteLog(db, { scoring: () => edition, newId, now: Date.now })
  let group: Arriving[] = []
  let written = 0
  const write = async (): Promise<void> => {
    await log.append(group, [])
    if (Math.floor((written + group.length) / TOLD) > Math.floor(written / TOLD)) process.stderr.write('m')
    written += group.length
    group = []
  }
  for (const history of histories(visitors, events)) {
    const who = { anonymous: anonymousOf(history[0]!.visitor) }
    for (const { event } of history) group.push({ site: 'demo', who, event: { ...event, ...idsOf(event) } })
    if (group.length >= GROUP) await write()
  }
  await write()
  // Else the collector would do so while it is measured.
  while ((await log.wake(Date.now(), WAKE)) > 0);
  close()
}
