/** Removes a site with all that is kept of it, in slices: at once it takes no more, at last it is no more. */
import { randomBytes } from 'node:crypto'
import type { Db } from './sqlite.ts'
import { tablesOfVisitors } from './sqlite-person.ts'
import { createTerms } from './sqlite-terms.ts'
import { createTombstones } from './sqlite-tombstones.ts'
import type { RemovedSite } from './store.ts'
import { eventsIn } from './stored.ts'

/** Visitor numbers in one transaction. */
const SLICE = 1000

export interface SiteRemoval {
  /** Removes the next slice; answers whether there is more. */
  readonly step: () => boolean
  readonly removed: () => RemovedSite
}

/** From now on nobody can send to it. If it is not brought to its end, it can be begun again. */
export const beginSiteRemoval = (db: Db, name: string, now: () => number): SiteRemoval => {
  const tombstones = createTombstones(db)
  const site = db.prepare('SELECT n FROM site WHERE name = ?').pluck().get(name) as number
  const last = db.prepare('SELECT coalesce(max(n), 0) FROM visitor').pluck()
  const slice = `IN (SELECT n FROM visitor WHERE site = @site AND n > @after AND n <= @upTo)`
  const bodies = db.prepare(`SELECT body FROM event WHERE visitor ${slice}`).pluck()
  const terms = createTerms(db)
  const deliveries = db.prepare(
    `DELETE FROM delivery WHERE message IN (SELECT seq FROM message WHERE visitor ${slice})`,
  )
  const tables = tablesOfVisitors(db).map((table) => db.prepare(`DELETE FROM "${table}" WHERE visitor ${slice}`))
  const merges = db.prepare(`DELETE FROM merge WHERE source ${slice} OR target ${slice}`)
  const visitors = db.prepare('DELETE FROM visitor WHERE site = @site AND n > @after AND n <= @upTo')
  const removed = { visitors: 0, events: 0 }
  let after = 0

  db.transaction(() => {
    db.prepare('DELETE FROM secret_key WHERE site = ?').run(name)
    db.prepare('UPDATE site SET key = ? WHERE n = ?').run(`removed_${randomBytes(16).toString('hex')}`, site)
  })()

  const removeSlice = (upTo: number): void => {
    const range = { site, after, upTo }
    tombstones.note(now())
    for (const body of bodies.iterate(range) as Iterable<Buffer>) removed.events += eventsIn(body, terms).length
    deliveries.run(range)
    for (const table of tables) table.run(range)
    merges.run(range)
    removed.visitors += visitors.run(range).changes
  }

  const finish = (): void => {
    db.prepare('DELETE FROM rejected WHERE site = ?').run(name)
    for (const table of tablesOfSites(db)) db.prepare(`DELETE FROM "${table}" WHERE site = ?`).run(site)
    db.prepare('DELETE FROM site WHERE n = ?').run(site)
  }

  return {
    step: () => {
      const upTo = after + SLICE
      const isLast = upTo >= (last.get() as number)
      db.transaction(() => {
        removeSlice(upTo)
        if (isLast) finish()
      }).immediate()
      after = upTo
      return !isLast
    },
    removed: () => removed,
  }
}

/** The tables whose rows are of a site, by its number. */
const tablesOfSites = (db: Db): readonly string[] =>
  db
    .prepare(
      `SELECT t.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c
       WHERE t.type = 'table' AND c.name = 'site' AND c.type = 'INTEGER' ORDER BY t.name`,
    )
    .pluck()
    .all() as string[]
