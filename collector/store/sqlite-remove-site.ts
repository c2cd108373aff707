/** Takes a site away whole, in one transaction: its visitors, what they did, what became of them, its keys. */
import type { Db } from './sqlite.ts'

/** In this order, as each finds its rows by the visitors of the site. */
const OF_VISITORS = [
  'DELETE FROM delivery WHERE message IN (SELECT seq FROM message WHERE visitor IN (SELECT n FROM visitor WHERE site = ?))',
  'DELETE FROM message WHERE visitor IN (SELECT n FROM visitor WHERE site = ?)',
  'DELETE FROM feedback WHERE visitor IN (SELECT n FROM visitor WHERE site = ?)',
  'DELETE FROM event WHERE visitor IN (SELECT n FROM visitor WHERE site = ?)',
  'DELETE FROM transition WHERE visitor IN (SELECT n FROM visitor WHERE site = ?)',
  'DELETE FROM merge WHERE source IN (SELECT n FROM visitor WHERE site = ?)',
  'DELETE FROM name WHERE site = ?',
  'DELETE FROM aggregate WHERE site = ?',
  'DELETE FROM visitor WHERE site = ?',
  'DELETE FROM site WHERE n = ?',
]

/** False where there is no site of that name. */
export const createRemoveSite = (db: Db): ((name: string) => boolean) => {
  const number = db.prepare('SELECT n FROM site WHERE name = ?').pluck()
  const keys = db.prepare('DELETE FROM secret_key WHERE site = ?')
  const rejected = db.prepare('DELETE FROM rejected WHERE site = ?')
  const ofVisitors = OF_VISITORS.map((sql) => db.prepare(sql))
  return db.transaction((name: string) => {
    const n = number.get(name) as number | undefined
    if (n === undefined) return false
    for (const statement of ofVisitors) statement.run(n)
    keys.run(name)
    rejected.run(name)
    return true
  })
}
