/** The table beside `visitor` in which it is built anew, and the notes kept while that lasts. */
import type { Db } from './sqlite.ts'

/** Drops what a rebuild that did not end has left. */
export const clearRebuild = (db: Db): void => {
  unwatch(db)
  db.exec('DROP TABLE IF EXISTS visitor_next; DROP TABLE IF EXISTS aggregate_next;')
}

/**
 * The same columns and indexes as `visitor` has, and counts of their own. Index names alternate, for two tables cannot
 * share them.
 */
export const createNextTable = (db: Db): void => {
  for (const { type, name, sql } of partsOf(db, 'visitor')) {
    if (type === 'table') db.exec(sql.replace(/^CREATE TABLE "?visitor"?/, 'CREATE TABLE visitor_next'))
    if (type !== 'index') continue
    const other = name.endsWith('_b') ? name.slice(0, -2) : `${name}_b`
    db.exec(sql.replace(name, other).replace(/\bON "?visitor"?/, 'ON visitor_next'))
  }
  const [aggregate] = partsOf(db, 'aggregate')
  db.exec(aggregate!.sql.replace(/^CREATE TABLE "?aggregate"?/, 'CREATE TABLE aggregate_next'))
}

const partsOf = (
  db: Db,
  table: string,
): readonly { readonly type: string; readonly name: string; readonly sql: string }[] =>
  db
    .prepare('SELECT type, name, sql FROM sqlite_schema WHERE tbl_name = ? AND sql IS NOT NULL ORDER BY type DESC')
    .all(table) as { type: string; name: string; sql: string }[]

/** Whoever writes a visitor while the rebuild is under way, and by whatever code: it is noticed. */
export const watchChanges = (db: Db): void => {
  db.exec(`
    CREATE TEMP TABLE rebuild_changed (n INTEGER PRIMARY KEY);
    -- How a visitor differs under the two models.
    CREATE TEMP TABLE rebuild_move (n INTEGER PRIMARY KEY, stage, qualification, to_stage, to_qualification, score);
    CREATE TEMP TRIGGER rebuild_insert AFTER INSERT ON main.visitor
      BEGIN INSERT OR IGNORE INTO rebuild_changed VALUES (new.n); END;
    CREATE TEMP TRIGGER rebuild_update AFTER UPDATE ON main.visitor
      BEGIN INSERT OR IGNORE INTO rebuild_changed VALUES (new.n); END;
    CREATE TEMP TRIGGER rebuild_delete AFTER DELETE ON main.visitor
      BEGIN INSERT OR IGNORE INTO rebuild_changed VALUES (old.n); END;
  `)
}

const unwatch = (db: Db): void => {
  for (const name of ['rebuild_insert', 'rebuild_update', 'rebuild_delete'])
    db.exec(`DROP TRIGGER IF EXISTS temp.${name}`)
  db.exec('DROP TABLE IF EXISTS temp.rebuild_changed; DROP TABLE IF EXISTS temp.rebuild_move;')
}

/** The new tables take the place of the old ones. What was recorded as it happened stays as it was. */
export const changePlaces = (db: Db): void => {
  unwatch(db)
  db.exec(`
    DROP TABLE visitor; ALTER TABLE visitor_next RENAME TO visitor;
    INSERT INTO aggregate_next SELECT * FROM aggregate WHERE kind = 'move';
    DROP TABLE aggregate; ALTER TABLE aggregate_next RENAME TO aggregate;
  `)
}
