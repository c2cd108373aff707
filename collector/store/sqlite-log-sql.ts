/**
 * The statements of the event log, prepared once. What is asked for each event is no join: the SQLite we have plans a join
 * with bound values anew at each run, which takes several times as long as to run it.
 */
import type { Db } from './sqlite.ts'
import { SAVE_BY_PLACE } from './sqlite-row.ts'

/** The last number given in the order that events, transitions, merges and changes share. */
export const HEAD = `SELECT max(coalesce((SELECT max(seq) FROM event), 0), coalesce((SELECT max(seq) FROM transition), 0),
  coalesce((SELECT max(max(seq, coalesce(undone, 0))) FROM merge), 0), coalesce((SELECT max(changed) FROM visitor), 0),
  coalesce((SELECT max(seq) FROM erasure), 0))`

export const logStatements = (db: Db) => ({
  head: db.prepare(HEAD).pluck(),
  siteNumber: db.prepare('SELECT n FROM site WHERE name = ?').pluck(),
  profile: db.prepare(
    `SELECT id, (SELECT name FROM site WHERE site.n = visitor.site) AS site, root, user, email, state FROM visitor
     WHERE n = ?`,
  ),
  numbers: db.prepare('SELECT n, root FROM visitor WHERE id = ?'),
  lastMerged: db
    .prepare('SELECT source FROM merge WHERE target = ? AND undone IS NULL ORDER BY seq DESC LIMIT 1')
    .pluck(),
  findName: db
    .prepare(
      `SELECT (SELECT coalesce(root, n) FROM visitor WHERE n = name.visitor) FROM name
       WHERE site = ? AND kind = ? AND value = ?`,
    )
    .pluck(),
  history: db
    .prepare(
      `SELECT body FROM event WHERE visitor = ? UNION ALL
       SELECT body FROM event WHERE visitor IN (SELECT n FROM visitor WHERE root = ?)`,
    )
    .pluck(),
  insertEvents: db.prepare('INSERT INTO event (seq, visitor, body) VALUES (?, ?, ?)'),
  insertFeedback: db.prepare('INSERT INTO feedback (visitor, at, seq, verdict) VALUES (?, ?, ?, ?)'),
  insertProfile: db.prepare('INSERT INTO visitor (id, site) VALUES (?, ?)'),
  setName: db.prepare('INSERT OR REPLACE INTO name (site, kind, value, visitor) VALUES (?, ?, ?, ?)'),
  insertMerge: db.prepare('INSERT INTO merge (seq, at, source, target) VALUES (?, ?, ?, ?)'),
  // The state stays as it was: undoing goes on from there.
  absorb: db.prepare(
    `UPDATE visitor SET root = @target, heat = NULL, due = NULL, label = '' WHERE n = @source OR root = @source`,
  ),
  undoMerge: db.prepare('UPDATE merge SET undone_at = @at, undone = @seq WHERE source = @source AND undone IS NULL'),
  release: db.prepare(
    `WITH RECURSIVE part (n) AS (
       SELECT @source UNION
       SELECT m.source FROM merge m JOIN part ON m.target = part.n WHERE m.undone IS NULL
     )
     UPDATE visitor SET root = nullif(@source, n) WHERE n IN part AND root = @target`,
  ),
  insertTransition: db.prepare(
    `INSERT INTO transition (seq, visitor, at, what, source, target, rule, event, score, model)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ),
  saveProfile: db.prepare(SAVE_BY_PLACE),
  due: db.prepare('SELECT n FROM visitor WHERE due <= ? ORDER BY due LIMIT ?').pluck(),
  stopWaking: db.prepare('UPDATE visitor SET due = NULL WHERE n = ?'),
  insertRejected: db.prepare('INSERT INTO rejected (at, site, id, code, message) VALUES (?, ?, ?, ?, ?)'),
  countRejected: db.prepare(
    'INSERT INTO rejected_count (code, count) VALUES (?, 1) ON CONFLICT (code) DO UPDATE SET count = count + 1',
  ),
  trimRejected: db.prepare('DELETE FROM rejected WHERE seq <= (SELECT max(seq) FROM rejected) - ?'),
})
