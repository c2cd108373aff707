/** Deletes every row of a person. A new table that tells of people belongs in this list. */
import type { VisitorEvent } from '../../shared/event.ts'
import type { Db } from './sqlite.ts'
import { createPersons, IN_PERSON, type Person } from './sqlite-person.ts'

/** Within the caller's transaction. Answers how many events that were. */
export type Remove = (person: Person, events: readonly VisitorEvent[]) => number

export const createRemove = (db: Db): Remove => {
  const persons = createPersons(db)
  const events = db.prepare(`DELETE FROM event WHERE visitor ${IN_PERSON}`)
  const others = [
    `DELETE FROM name WHERE visitor ${IN_PERSON}`,
    `DELETE FROM transition WHERE visitor ${IN_PERSON}`,
    `DELETE FROM merge WHERE source ${IN_PERSON} OR target ${IN_PERSON}`,
    `DELETE FROM visitor WHERE n ${IN_PERSON}`,
  ].map((sql) => db.prepare(sql))
  const rejected = db.prepare('DELETE FROM rejected WHERE seq = ?')

  return (person, theirs) => {
    const { numbers } = person
    for (const { seq } of persons.rejected(person, theirs)) rejected.run(seq)
    const { changes } = events.run({ numbers })
    for (const other of others) other.run({ numbers })
    return changes
  }
}
