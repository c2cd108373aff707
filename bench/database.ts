/** A database full of made-up visitors, in a folder that goes with the run. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newSite } from '../collector/routes/admin.ts'
import { type Db, openReader, openWriter } from '../collector/store/sqlite.ts'
import { createSqliteModels, markPublished } from '../collector/store/sqlite-models.ts'
import { createSqliteSettings } from '../collector/store/sqlite-settings.ts'
import { createWrittenTerms } from '../collector/store/sqlite-terms.ts'
import { storedEvents } from '../collector/store/stored.ts'
import { DEFAULT_MODEL } from '../shared/default-model.ts'
import { type Happening, happenings } from './history.ts'
import type { Amount } from './measure.ts'

export interface Filled {
  readonly db: Db
  readonly reader: Db
  readonly events: number
  readonly remove: () => void
}

/** Writes the log straight to the table: what is measured is reading it. Nobody has a state yet. */
export const fillDatabase = async ({ events, visitors }: Amount): Promise<Filled> => {
  const folder = mkdtempSync(join(tmpdir(), 'leadlight-bench-'))
  const { db, close } = openWriter(join(folder, 'bench.db'))
  db.pragma('synchronous = OFF')
  await createSqliteSettings(db).insertSite(newSite('default', 0))
  const draft = { model: DEFAULT_MODEL, author: '', reason: '', createdAt: 0 }
  markPublished(db, await createSqliteModels(db).insertDraft(draft), { approver: '', reason: '', at: 0 })
  const made = db.transaction(() => fill(db, { events, visitors }))()
  db.pragma('wal_checkpoint(TRUNCATE)')
  const reader = openReader(join(folder, 'bench.db'))
  const remove = (): void => {
    reader.close()
    close()
    rmSync(folder, { recursive: true, force: true })
  }
  return { db, reader, events: made, remove }
}

const fill = (db: Db, { events, visitors }: Amount): number => {
  const person = db.prepare(
    `INSERT INTO visitor (n, id, site, state, stage, qualification, changed)
     VALUES (?, ?, 1, zeroblob(1), 'awareness', 'anonymous', 0)`,
  )
  for (let n = 1; n <= visitors; n += 1) person.run(n, String(n).padStart(32, '0'))
  const insert = db.prepare('INSERT INTO event (seq, visitor, body) VALUES (?, ?, ?)')
  const terms = createWrittenTerms(db)
  let seq = 0
  let row: Happening[] = []
  const writeOut = (): void => {
    if (row.length === 0) return
    const n = row[0]!.visitor + 1
    const events = row.map(({ event }) => event)
    insert.run(seq, n, storedEvents(events, terms.for(n)))
    row = []
  }
  for (const happening of happenings(visitors, events)) {
    // A row is what came in a body: a page and what followed on it.
    if (happening.event.type === 'page') writeOut()
    seq += 1
    row.push(happening)
  }
  writeOut()
  return seq
}
