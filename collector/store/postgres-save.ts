/**
 * Writes down on PostgreSQL what came of a transaction's work: what nearly every one changes in one statement, and what
 * few do in others that are sent with it. Over 150 lines, for each table is a list of its columns.
 */
import type { Transition } from '../../shared/award.ts'
import type { VisitorEvent } from '../../shared/event.ts'
import type { Change } from './counts.ts'
import type { Transaction } from './postgres.ts'
import { bytes, numbers, texts } from './postgres-array.ts'
import { Collision, moreBlocks } from './postgres-group.ts'
import { blocksFor, createPlaces, type Places } from './postgres-places.ts'
import { monthOf, shardOf, shardOfName } from './postgres-shard.ts'
import { type Named, type Somebody, survivorOf, type World } from './postgres-world.ts'
import type { Scoring } from './store.ts'
import { storedEvents } from './stored.ts'
import { rowOf, type Written } from './visitor-row.ts'

/** Events of a row: one import must not make a row that takes long to read. */
const ROW = 256

export interface Saving {
  readonly tx: Transaction
  readonly scoring: Scoring
  readonly block: number
  readonly sites: ReadonlyMap<string, number>
  /** The rows of this collector: see `aggregate`. */
  readonly lane: number
}

interface EventRow {
  readonly n: number
  readonly seq: number
  readonly month: number
  readonly events: readonly VisitorEvent[]
}

interface TransitionRow extends Transition {
  readonly n: number
  readonly seq: number
}

/** What is written of everyone who was touched, each at its place in the log. */
interface Rows {
  readonly events: readonly EventRow[]
  readonly transitions: readonly TransitionRow[]
  readonly visitors: readonly (Written & { readonly row: Somebody })[]
}

/** Statements on their way. Nobody may be waiting for them any more when they fail: the transaction sees to that. */
type Sent = readonly Promise<unknown>[]

export interface Saved {
  readonly visitors: Rows['visitors']
  /** For what else has a place in the log. */
  readonly places: Places
  readonly statements: Sent
}

/** Sends the statements; they are to be awaited before the end. `others`: places that the caller needs beside. */
export const save = async (world: World, saving: Saving, others: number): Promise<Saved> => {
  const { tx, block, scoring } = saving
  const places = createPlaces([block, ...(await moreBlocks(tx, blocksFor(needed(world) + others, ROW)))])
  const rows = rowsOf(world, scoring, places)
  const names = [...world.named.values()].filter(({ before }) => before === undefined)
  const counts = world.counts.take().map((change) => ({ ...change, site: saving.sites.get(change.site)! }))
  const usual = { ...saving, names, counts }
  await moveNames(tx, [...world.named.values()].filter(isMoved))
  const statements = [
    ...insertFeedback(tx, rows.events),
    ...renameElsewhere(tx, rows.visitors, scoring),
    // Late, for others of this collector wait for the counts; before what changes the rows of those who are new.
    ...writeUsual(rows, usual),
    ...join(tx, world, places),
    ...part(tx, world, places),
  ]
  return { visitors: rows.visitors, places, statements }
}

const isMoved = ({ before, row }: Named): boolean => before !== undefined && before !== row.n

const needed = ({ events, saved, merged, parted }: World): number => {
  let count = saved.size + merged.length + parted.length
  for (const list of events.values()) count += list.length
  for (const list of saved.values()) count += list.length
  return count
}

const rowsOf = (world: World, { model, foldOf }: Scoring, places: Places): Rows => {
  const events: EventRow[] = []
  const transitions: TransitionRow[] = []
  const visitors: (Written & { row: Somebody })[] = []
  for (const [row, changes] of world.saved) {
    const { n } = row
    for (const some of slices(world.events.get(row) ?? []))
      events.push({ n, seq: places.take(some.length), month: monthOf(some[0]!.at), events: some })
    for (const each of changes) transitions.push({ ...each, n, seq: places.take(1) })
    visitors.push({ ...rowOf(row, { model, fold: foldOf(row.site), changed: places.take(1) }), row })
  }
  return { events, transitions, visitors }
}

/** Events of one month each, for a month is deleted as a whole. */
const slices = (events: readonly VisitorEvent[]): readonly (readonly VisitorEvent[])[] => {
  const first = events[0] && monthOf(events[0].at)
  const months = events.every(({ at }) => monthOf(at) === first)
    ? [events]
    : [...Map.groupBy(events, ({ at }) => monthOf(at)).values()]
  return months.flatMap((list) =>
    Array.from({ length: Math.ceil(list.length / ROW) }, (_, i) => list.slice(i * ROW, (i + 1) * ROW)),
  )
}

interface Usual extends Saving {
  /** Names that were not known before. */
  readonly names: readonly Named[]
  readonly counts: readonly Counted[]
}

type Counted = Omit<Change, 'site'> & { readonly site: number }

/**
 * What a transaction waits for, as another has it, comes first: new names, then counts, in the order of their keys. All
 * else is of people whom it holds already. Nobody reads how many there are: it is asked for the sake of that order.
 */
const writeUsual = (rows: Rows, usual: Usual): Sent => {
  const { tx, names, counts } = usual
  if (rows.visitors.length + names.length + counts.length === 0) return []
  const written = tx`
    WITH named AS (${insertNames(usual)} RETURNING 1), counted AS (${addCounts(usual)} RETURNING 1),
      events AS (${insertEvents(tx, rows.events)}), transitions AS (${insertTransitions(rows.transitions, usual)}),
      visitors AS (${upsertVisitors(rows.visitors, usual)})
    SELECT (SELECT count(*) FROM named)::integer AS named, (SELECT count(*) FROM counted)::integer AS counted`.execute()
  return [written]
}

/** One that another has given by now breaks the key, and with it the transaction: see `isCollision`. */
const insertNames = ({ tx, names }: Usual) => tx`
  INSERT INTO name (shard, site, kind, value, visitor)
  SELECT shard, site, kind, value, visitor FROM ${nameRows(tx, names)}
  ORDER BY shard, site, kind, value`

const addCounts = ({ tx, scoring: { version }, lane, counts }: Usual) => {
  const some = (of: (count: Counted) => number): string => numbers(counts.map(of))
  const words = (of: (count: Counted) => string): string => texts(counts.map(of))
  return tx`
    INSERT INTO aggregate (version, site, kind, what, outcome, day, lane, n)
    SELECT version, site, kind, what, outcome, day, ${lane}::smallint, n
    FROM unnest(${some(({ kind }) => (kind === 'move' ? 0 : version))}::integer[],
      ${some(({ site }) => site)}::integer[], ${words(({ kind }) => kind)}::text[], ${words(({ of }) => of)}::text[],
      ${words(({ end }) => end)}::text[], ${some(({ day }) => day)}::integer[], ${some(({ by }) => by)}::bigint[])
      AS k (version, site, kind, what, outcome, day, n)
    ORDER BY version, site, kind, day, what, outcome
    ON CONFLICT (version, site, kind, day, what, outcome, lane) DO UPDATE SET n = aggregate.n + excluded.n`
}

const insertEvents = (tx: Transaction, rows: readonly EventRow[]) => tx`
  INSERT INTO event (shard, visitor, seq, month, body)
  SELECT (n % 1024)::smallint, n, seq, month, body FROM unnest(${numbers(rows.map(({ n }) => n))}::bigint[],
    ${numbers(rows.map(({ seq }) => seq))}::bigint[], ${numbers(rows.map(({ month }) => month))}::integer[],
    ${bytes(rows.map(({ events }) => storedEvents(events)))}::bytea[]) AS k (n, seq, month, body)`

const insertTransitions = (rows: readonly TransitionRow[], { tx, scoring: { version } }: Usual) => {
  const words = (of: (row: TransitionRow) => string | null): string => texts(rows.map(of))
  return tx`
    INSERT INTO transition (shard, visitor, seq, at, what, source, target, rule, event, score, model)
    SELECT (n % 1024)::smallint, n, seq, at, what, source, target, rule, event, score, ${version}::integer
    FROM unnest(${numbers(rows.map(({ n }) => n))}::bigint[], ${numbers(rows.map(({ seq }) => seq))}::bigint[],
      ${numbers(rows.map(({ at }) => at))}::bigint[], ${words(({ what }) => what)}::text[],
      ${words(({ from }) => from)}::text[], ${words(({ to }) => to)}::text[], ${words(({ rule }) => rule)}::text[],
      ${words(({ event }) => event ?? null)}::text[], ${numbers(rows.map(({ score }) => score))}::float8[])
      AS k (n, seq, at, what, source, target, rule, event, score)`
}

const upsertVisitors = (rows: Rows['visitors'], { tx, scoring, sites }: Usual) => {
  const some = (name: keyof Written): string => numbers(rows.map((row) => row[name] as number | null))
  const words = (name: keyof Written): string => texts(rows.map((row) => row[name] as string | null))
  return tx`
    INSERT INTO visitor AS v (shard, n, version, id, site, user_id, email, state, heat, warmth, stage, qualification,
      grade, account, label, last_seen, stage_since, due, changed)
    SELECT (n % 1024)::smallint, n, ${scoring.version}::integer, id, site, user_id, email, state, heat, warmth, stage,
      qualification, grade, account, label, last_seen, stage_since, due, changed
    FROM unnest(${some('n')}::bigint[], ${texts(rows.map(({ row }) => row.id))}::text[],
      ${numbers(rows.map(({ row }) => sites.get(row.site)!))}::integer[], ${words('user')}::text[],
      ${words('email')}::text[], ${bytes(rows.map(({ state }) => state))}::bytea[], ${some('heat')}::float8[],
      ${some('warmth')}::float8[], ${words('stage')}::text[], ${words('qualification')}::text[],
      ${words('grade')}::text[], ${words('account')}::text[], ${words('label')}::text[], ${some('lastSeen')}::bigint[],
      ${some('stageSince')}::bigint[], ${some('due')}::bigint[], ${some('changed')}::bigint[])
      AS k (n, id, site, user_id, email, state, heat, warmth, stage, qualification, grade, account, label, last_seen,
        stage_since, due, changed)
    ON CONFLICT (shard, n, version) DO UPDATE SET user_id = excluded.user_id, email = excluded.email,
      state = excluded.state, heat = excluded.heat, warmth = excluded.warmth, stage = excluded.stage,
      qualification = excluded.qualification, grade = excluded.grade, account = excluded.account,
      label = excluded.label, last_seen = excluded.last_seen, stage_since = excluded.stage_since, due = excluded.due,
      changed = excluded.changed`
}

const insertFeedback = (tx: Transaction, rows: readonly EventRow[]): Sent => {
  const said = rows.flatMap(({ n, seq, events }) =>
    events.flatMap((event, i) =>
      event.type === 'feedback' ? [{ n, at: event.at, seq: seq - events.length + 1 + i, verdict: event.verdict }] : [],
    ),
  )
  if (said.length === 0) return []
  const inserted = tx`
    INSERT INTO feedback (shard, visitor, at, seq, verdict)
    SELECT (n % 1024)::smallint, n, at, seq, verdict FROM unnest(${numbers(said.map(({ n }) => n))}::bigint[],
      ${numbers(said.map(({ at }) => at))}::bigint[], ${numbers(said.map(({ seq }) => seq))}::bigint[],
      ${texts(said.map(({ verdict }) => verdict))}::text[]) AS k (n, at, seq, verdict)`.execute()
  return [inserted]
}

/** Who somebody is does not depend on the model: the rows of other versions tell the same. */
const renameElsewhere = (tx: Transaction, rows: Rows['visitors'], { version }: Scoring): Sent => {
  const renamed = rows.filter(
    ({ row: { person }, user, email }) => person && (person.user !== user || person.email !== email),
  )
  if (renamed.length === 0) return []
  const updated = tx`
    UPDATE visitor v SET user_id = k.user_id, email = k.email
    FROM unnest(${numbers(renamed.map(({ n }) => n))}::bigint[], ${texts(renamed.map(({ user }) => user))}::text[],
      ${texts(renamed.map(({ email }) => email))}::text[]) AS k (n, user_id, email)
    WHERE v.shard = (k.n % 1024)::smallint AND v.n = k.n AND v.version <> ${version}`.execute()
  return [updated]
}

const moveNames = async (tx: Transaction, named: readonly Named[]): Promise<void> => {
  if (named.length === 0) return
  const { count } = await tx`
    UPDATE name x SET visitor = k.visitor
    FROM ${nameRows(tx, named)} JOIN unnest(${numbers(named.map(({ before }) => before!))}::bigint[])
      WITH ORDINALITY AS b (visitor, at) ON b.at = k.at
    WHERE x.shard = k.shard AND x.site = k.site AND x.kind = k.kind AND x.value = k.value AND x.visitor = b.visitor`.execute()
  if (count < named.length) throw new Collision('Another collector has just led the same name elsewhere.')
}

const nameRows = (tx: Transaction, named: readonly Named[]) => tx`
  unnest(${numbers(named.map(({ site, name }) => shardOfName(site, name)))}::smallint[],
    ${numbers(named.map(({ site }) => site))}::integer[], ${texts(named.map(({ name }) => name.kind))}::text[],
    ${texts(named.map(({ name }) => name.value))}::text[], ${numbers(named.map(({ row }) => row.n))}::bigint[])
    WITH ORDINALITY AS k (shard, site, kind, value, visitor, at)`

/** The state of who was merged stays as it was: undoing goes on from there. */
const join = (tx: Transaction, { merged }: World, places: Places): Sent => {
  if (merged.length === 0) return []
  const sources = numbers(merged.map(({ from }) => from.n))
  const inserted = tx`
    INSERT INTO merge (shard, seq, at, source, target)
    SELECT * FROM unnest(${numbers(merged.map(({ into }) => shardOf(into.n)))}::smallint[],
      ${numbers(merged.map(() => places.take(1)))}::bigint[], ${numbers(merged.map(({ at }) => at))}::bigint[],
      ${sources}::bigint[], ${numbers(merged.map(({ into }) => into.n))}::bigint[])`.execute()
  const absorbed = tx`
    WITH RECURSIVE part (n, root) AS (
      SELECT * FROM unnest(${sources}::bigint[], ${numbers(merged.map(({ from }) => survivorOf(from).n))}::bigint[]) UNION
      SELECT m.source, p.root FROM part p JOIN merge m ON m.shard = (p.n % 1024)::smallint AND m.target = p.n
      WHERE m.undone IS NULL
    )
    UPDATE visitor v SET root = p.root, heat = NULL, due = NULL, label = '' FROM part p
    WHERE v.shard = (p.n % 1024)::smallint AND v.n = p.n`.execute()
  return [inserted, absorbed]
}

const part = (tx: Transaction, { parted }: World, places: Places): Sent =>
  parted.flatMap(({ from, into, at }) => [
    tx`
      UPDATE merge SET undone_at = ${at}, undone = ${places.take(1)}
      WHERE source = ${from.n} AND undone IS NULL`.execute(),
    tx`
      WITH RECURSIVE part (n) AS (
        SELECT ${from.n}::bigint UNION
        SELECT m.source FROM part p JOIN merge m ON m.shard = (p.n % 1024)::smallint AND m.target = p.n
        WHERE m.undone IS NULL
      )
      UPDATE visitor v SET root = nullif(${from.n}::bigint, v.n) FROM part p
      WHERE v.shard = (p.n % 1024)::smallint AND v.n = p.n AND v.root = ${into.n}`.execute(),
  ])
