/**
 * Erasing people: everything of theirs goes, or is left as nobody's; and a keyed hash of each name stays, by which they
 * are refused from then on.
 */
import { createEnds, type EndsOptions } from './ends.ts'
import { openErasedFile } from './store/erased-file.ts'
import { namesOf } from './store/person-names.ts'
import { createRefusal, type IsErased } from './store/refusal.ts'
import type { Db } from './store/sqlite.ts'
import { createNote } from './store/sqlite-audit.ts'
import { createPersons, type Person } from './store/sqlite-person.ts'
import { sweep } from './store/sqlite-sweep.ts'
import { createTombstones } from './store/sqlite-tombstones.ts'
import type { AuditEntry, Erased, Erasing } from './store/store.ts'

/** Bytes of a file that is written anew at once: larger ones wait for a quiet moment. */
const SMALL = 64 * 1024 * 1024
/** How long a large file may wait for that, in ms. */
const LONGEST_WAIT = 86_400_000
/** After how many ms it is tried again, where the disk or a reader stood in the way. */
const RETRY = 60_000

export interface ErasuresOptions extends EndsOptions {
  readonly path: string
  /** Called after rows of visitors were deleted: whoever remembers them must not. */
  readonly forget: () => void
  readonly report: (problem: unknown) => void
}

export interface Erasures {
  readonly isErased: IsErased
  readonly commands: {
    /** Erases people, by our ids, and refuses them from now on. */
    readonly erase: (ids: readonly string[], erasing: Erasing) => Promise<Erased>
    readonly note: (entry: AuditEntry) => Promise<void>
  }
  /** Overwrites what deleting has left in the free space of the file. */
  readonly tidy: (isQuiet: boolean) => void
}

/** Erases first those whom a restored database brought back. */
export const openErasures = (options: ErasuresOptions): Erasures => {
  const { db, path, forget, now, report } = options
  const file = openErasedFile(path)
  const persons = createPersons(db)
  const ends = createEnds(options)
  const note = createNote(db)
  const tombstones = createTombstones(db)
  let triesAt = Number.NEGATIVE_INFINITY

  /** The marks are on disk before anything goes: a crash in between is made good by `restore`. */
  const eraseAll = (people: readonly Person[], { mode, actor }: Erasing): Erased => {
    const marks = people.flatMap(namesOf).map(file.markOf)
    file.add(marks)
    const work = (): number => {
      // First, while the last number given is still there to be counted on from.
      tombstones.note(now())
      tombstones.add([ownMark(), ...marks])
      for (const person of people) note({ at: now(), actor, action: mode, ...subjectOf(person) })
      return people.reduce((sum, person) => sum + ends[mode](person), 0)
    }
    const events = db.transaction(work).immediate()
    forget()
    triesAt = Number.NEGATIVE_INFINITY
    return { people: people.length, events }
  }

  const subjectOf = ({ site, parts }: Person) => {
    return { site, subject: file.markOf({ site, kind: 'id', value: parts[0]!.id }) }
  }

  /** Tells whether the marks in a database were made under this key. */
  const ownMark = (): string => file.markOf({ site: '', kind: 'id', value: '' })

  const find = (ids: readonly string[]): readonly Person[] => {
    const found = ids.flatMap((id) => persons.find(id) ?? [])
    return [...new Map(found.map((person) => [person.numbers, person])).values()]
  }

  const restore = (): void => {
    const applied = tombstones.marks()
    if (applied.size > 0 && !applied.has(ownMark())) report(LOST_KEY(path))
    file.add([...applied].filter((mark) => mark !== ownMark()))
    const missing = [...file.marks()].filter((mark) => !applied.has(mark))
    if (missing.length === 0) return
    const sought = new Set(missing)
    const back = new Set<string>()
    for (const { id, ...name } of tombstones.everyName()) if (sought.has(file.markOf(name))) back.add(id)
    if (back.size > 0) eraseAll(find([...back]), { mode: 'erase', actor: 'restored backup' })
    tombstones.add([ownMark(), ...missing])
  }

  const mayTidy = (isQuiet: boolean): boolean =>
    sizeOf(db) <= SMALL || isQuiet || now() - (tombstones.lastAt() ?? 0) > LONGEST_WAIT

  const tidy = (isQuiet: boolean): void => {
    if (now() < triesAt || !tombstones.isUntidy() || !mayTidy(isQuiet)) return
    triesAt = now() + RETRY
    try {
      if (sweep(db)) tombstones.setTidy()
    } catch (error) {
      report(`The erased are gone, but traces of them in free space are not: ${error}. It is tried again.`)
    }
  }

  const erase = (ids: readonly string[], erasing: Erasing): Erased => {
    const people = find(ids)
    if (people.length === 0) return { people: 0, events: 0 }
    const erased = eraseAll(people, erasing)
    tidy(false)
    return erased
  }

  restore()
  return {
    isErased: createRefusal(file),
    commands: { erase: async (ids, erasing) => erase(ids, erasing), note: async (entry) => note(entry) },
    tidy,
  }
}

const sizeOf = (db: Db): number =>
  (db.pragma('page_count', { simple: true }) as number) * (db.pragma('page_size', { simple: true }) as number)

const LOST_KEY = (path: string): string =>
  `${path}.erased is not the file that belongs to this database: late events of people erased before are no longer ` +
  'recognised. Put the file back from a backup of the data folder, and start again.'
