/**
 * Deletes every row of a person: in `visitor` and `merge`, and in whatever other table says in a column `visitor` whom a
 * row is of, so that a new table is not forgotten.
 */
import type { Db } from './sqlite.ts'
import { createPersons, IN_PERSON, type Person, tablesOfVisitors } from './sqlite-person.ts'
import type { StoredEvent } from './store.ts'

/** A path or an address is nobody's name, whoever called themselves so: others' rows go on saying it. */
const ADDRESS = /^\/|:\/\//

/** Within the caller's transaction. Answers how many events that were. */
export type Remove = (person: Person, events: readonly StoredEvent[]) => number

export const createRemove = (db: Db): Remove => {
  const persons = createPersons(db)
  const removals = [
    `DELETE FROM delivery WHERE message IN (SELECT seq FROM message WHERE visitor ${IN_PERSON})`,
    ...tablesOfVisitors(db).map((table) => `DELETE FROM "${table}" WHERE visitor ${IN_PERSON}`),
    `DELETE FROM merge WHERE source ${IN_PERSON} OR target ${IN_PERSON}`,
    `DELETE FROM visitor WHERE n ${IN_PERSON}`,
  ].map((sql) => db.prepare(sql))
  // Others may show it too; what it said of this one, nobody is to read again.
  const term = db.prepare(`UPDATE term SET text = 'gone ' || n WHERE text = ?`)
  const rejected = db.prepare('DELETE FROM rejected WHERE seq = ?')

  return (person, events) => {
    for (const { seq } of persons.rejected(person, events)) rejected.run(seq)
    for (const { value } of person.parts.flatMap(({ names }) => names)) if (!ADDRESS.test(value)) term.run(value)
    for (const removal of removals) removal.run({ numbers: person.numbers })
    return events.length
  }
}
