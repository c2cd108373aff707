/**
 * Erasing people on PostgreSQL: everything of theirs goes, or is left as nobody's, in one transaction with the hashes by
 * which every collector refuses them from then on.
 */
import { setTimeout } from 'node:timers/promises'
import type { Work } from './engine.ts'
import { namesOf } from './person-names.ts'
import type { Queries, Sql } from './postgres.ts'
import { note } from './postgres-audit.ts'
import { createPostgresEnds, type EndsOptions, endingIn } from './postgres-ends.ts'
import type { Group, InGroup } from './postgres-group.ts'
import { lockPerson } from './postgres-lock.ts'
import type { Marks } from './postgres-marks.ts'
import { createPostgresPersons, type Person } from './postgres-person.ts'
import { BLOCK } from './postgres-schema.ts'
import { createRefusal } from './refusal.ts'
import type { Erased, Erasing } from './store.ts'

export interface ErasuresOptions extends EndsOptions {
  readonly inGroup: InGroup
  readonly marks: Marks
  readonly report: (problem: unknown) => void
}

export interface Erasures extends Pick<Work, 'isErased' | 'erase' | 'note'> {
  /** Erases those whom a restored database has brought back. */
  readonly restore: () => Promise<void>
}

/** Between two looks at whether those are done who began before, in ms. */
const LOOK_EVERY = 5
/** People erased in one transaction. */
const AT_ONCE = 20

export const createPostgresErasures = (sql: Sql, options: ErasuresOptions): Erasures => {
  const { inGroup, marks, now, report } = options
  const ends = createPostgresEnds(options)

  const endAll = async (group: Group, ids: readonly string[], { mode, actor }: Erasing): Promise<Ended> => {
    const ending = await endingIn(group)
    const people = await lockAll(ending.tx, ids)
    const gone = people.flatMap(namesOf).map(marks.markOf)
    // In the file first: a crash in between is made good when it is read again.
    marks.keep(gone)
    let events = 0
    for (const person of people) {
      const subject = marks.markOf({ site: person.site, kind: 'id', value: person.parts[0]!.id })
      await note(ending.tx, { at: now(), actor, action: mode, site: person.site, subject })
      events += await ends[mode](ending, person)
    }
    // Last, for others wait for their turn to add some.
    if (people.length > 0) await marks.add(ending.tx, [marks.ownMark, ...gone])
    return { people, events }
  }

  /** Whoever began before the hashes were there may have met them anew: they go, too. */
  const eraseAgain = async (people: readonly Person[], erasing: Erasing): Promise<void> => {
    await untilSettled(sql)
    const back = await idsBehind(sql, people)
    if (back.length > 0) await eraseSome(back, erasing)
  }

  const eraseSome = async (ids: readonly string[], erasing: Erasing): Promise<Erased> => {
    const { people, events } = await inGroup((group) => endAll(group, ids, erasing))
    await marks.refresh()
    if (people.length > 0) await eraseAgain(people, { ...erasing, mode: 'erase' })
    return { people: people.length, events }
  }

  const erase = async (ids: readonly string[], erasing: Erasing): Promise<Erased> => {
    const erased = { people: 0, events: 0 }
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const some = await eraseSome(ids.slice(from, from + AT_ONCE), erasing)
      erased.people += some.people
      erased.events += some.events
    }
    return erased
  }

  const restore = async (): Promise<void> => {
    await marks.refresh()
    if (marks.marks().size > 0 && !marks.marks().has(marks.ownMark)) report(LOST_KEY)
    const missing = new Set(marks.missing())
    if (missing.size === 0) return
    const back = new Set<string>()
    for await (const names of everyName(sql))
      for (const { id, ...name } of names) if (missing.has(marks.markOf(name))) back.add(id)
    if (back.size > 0) await erase([...back], { mode: 'erase', actor: 'restored backup' })
    await sql.begin((tx) => marks.add(tx, [marks.ownMark, ...missing]))
    await marks.refresh()
  }

  return { isErased: createRefusal(marks), erase, note: (entry) => note(sql, entry), restore }
}

interface Ended {
  readonly people: readonly Person[]
  readonly events: number
}

/** Each person once, by whichever of their ids. */
const lockAll = async (tx: Queries, ids: readonly string[]): Promise<readonly Person[]> => {
  const people = new Map<string, Person>()
  for (const id of [...ids].sort()) {
    const person = await lockPerson(tx, id)
    if (person) people.set(person.parts[0]!.id, person)
  }
  return [...people.values()]
}

/** Waits until all are done who are writing to the log at present. Nobody waits for this. */
const untilSettled = async (sql: Sql): Promise<void> => {
  const [last] = await sql<{ block: number }[]>`SELECT nextval('block') AS block`
  for (;;) {
    const [row] = await sql<{ place: number }[]>`SELECT settled() AS place`
    if (row!.place >= last!.block * BLOCK) return
    await setTimeout(LOOK_EVERY)
  }
}

/** Our ids of those to whom a name of these leads. */
const idsBehind = async (sql: Queries, people: readonly Person[]): Promise<readonly string[]> => {
  const found = new Set<string>()
  for (const { site, parts } of people)
    for (const { kind, value } of parts.flatMap(({ names }) => names)) {
      const rows = await sql<{ id: string }[]>`
        SELECT v.id FROM name JOIN site s ON s.n = name.site
          JOIN visitor v ON v.shard = (name.visitor % 1024)::smallint AND v.n = name.visitor
        WHERE s.name = ${site} AND name.kind = ${kind} AND name.value = ${value}`
      for (const { id } of rows) found.add(id)
    }
  const persons = createPostgresPersons(sql)
  const back = await Promise.all([...found].map((id) => persons.find(id)))
  return back.flatMap((person) => person?.parts[0]?.id ?? [])
}

interface NamedRow {
  readonly id: string
  readonly site: string
  readonly kind: 'anonymous' | 'user' | 'email' | 'id'
  readonly value: string
}

/** Every name there is, and every id of ours. */
async function* everyName(sql: Sql): AsyncIterable<readonly NamedRow[]> {
  yield* sql<NamedRow[]>`
    SELECT v.id, s.name AS site, name.kind, name.value FROM name
      JOIN visitor v ON v.shard = (name.visitor % 1024)::smallint AND v.n = name.visitor JOIN site s ON s.n = name.site
    UNION ALL SELECT v.id, s.name, 'id', v.id FROM visitor v JOIN site s ON s.n = v.site`.cursor(1000)
}

const LOST_KEY =
  'LEADLIGHT_SECRET is not the one under which people were erased before: late events of theirs are no longer ' +
  'recognised. Set the former one, and start again.'
