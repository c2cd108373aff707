/** Writes the file anew, so that what was deleted is nowhere in it: pages keep pieces of rows that moved to others. */
import type { Db } from './sqlite.ts'

/** Answers whether nothing is left, in the file and in its log. */
export const sweep = (db: Db): boolean => {
  db.exec('VACUUM')
  const [log] = db.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[]
  return log?.busy === 0
}
