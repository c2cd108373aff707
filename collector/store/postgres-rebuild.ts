/**
 * Builds every visitor anew under another version of the model on PostgreSQL, in a partition beside the one that is read;
 * then one update makes it the one that is. Until then a crash leaves nothing but a partition to be dropped. Over 150
 * lines, for what it reads, builds and switches is one order of locks.
 */
import { setTimeout } from 'node:timers/promises'
import { replayed } from '../../shared/append.ts'
import { contributionOf } from '../../shared/contribution.ts'
import { scoreAt } from '../../shared/score.ts'
import type { Progress } from './engine.ts'
import { createStride, eventsOf, type PersonHistory } from './history.ts'
import { isCollision, type Sql, type Transaction } from './postgres.ts'
import { type PersonRow, START, type VisitorPlace, withEvents } from './postgres-history.ts'
import { clearLeftovers } from './postgres-leftovers.ts'
import { markPublished } from './postgres-models.ts'
import { clearMoves, type Move, noteMoves, recordMoves } from './postgres-moves.ts'
import { createVisitorPartition } from './postgres-partitions.ts'
import { ALL_GROUPS } from './postgres-schema.ts'
import { shardOf } from './postgres-shard.ts'
import { createTally } from './postgres-tally.ts'
import { type VisitorRow, writeVisitors } from './postgres-visitor-rows.ts'
import type { Approval, Scoring } from './store.ts'
import { stateIn } from './stored.ts'
import { rowOf } from './visitor-row.ts'

/** Events folded in one transaction: nobody else can change those people meanwhile. */
const SLICE = 1000
/** How often it is tried to leave the switch no more than a fifth of a slice of changed visitors. */
const ROUNDS = 20
/** How often a slice is begun again because others were in the way. */
const TRIES = 20

export interface RebuildOptions {
  readonly scoring: Scoring
  readonly now: () => number
  readonly lane: number
  /** Rejects where another collector publishes by now; within each transaction, which nobody can then overtake. */
  readonly keep: (tx: Transaction) => Promise<void>
  /** Events in a slice, about. */
  readonly slice?: number
}

export interface Rebuild {
  /** Rebuilds a slice; `isReady`: what is left is little enough for the switch. */
  readonly step: () => Promise<Progress & { readonly isReady: boolean }>
  /** Rebuilds what changed meanwhile and makes the switch, at one instant for all. */
  readonly finish: (approval: Approval) => Promise<void>
}

/** What is read of everyone to be rebuilt. */
type CurrentRow = PersonRow & { readonly root: number | null; readonly siteNumber: number; readonly state: boolean }

export const beginRebuild = async (sql: Sql, options: RebuildOptions): Promise<Rebuild> => {
  const { scoring, now, lane, keep, slice = SLICE } = options
  const { version, model } = scoring
  const old = await publishedVersion(sql)
  if (old === version) throw new Error(`Version ${version} is published already.`)
  await prepare(sql, version, keep)
  const stride = createStride(slice)
  const few = Math.max(1, Math.floor(slice / 5))
  const [count] = await sql<{ total: number; mark: number }[]>`
    SELECT count(*) AS total, settled() AS mark FROM visitor WHERE version = ${old}`
  let { total, mark } = count!
  let after: VisitorPlace | undefined = START
  let done = 0
  let rounds = 0

  const build = (person: PersonHistory & CurrentRow): Built => {
    const { n, id, site, user, email, changed, events, siteNumber } = person
    const fold = scoring.foldOf(site)
    const effects = { transitions: [] }
    const state = replayed(fold, events, effects)
    if (state) fold.advance(state, now(), effects)
    const written = rowOf({ n, id, site, user, email, state }, { model, fold, changed })
    const row = { ...written, shard: person.shard, version, id, siteNumber, root: null }
    if (!state) return { row }
    const { stage, qualification } = person
    const isMoved = state.stage !== stage || state.qualification !== qualification
    const to = { toStage: state.stage, toQualification: state.qualification }
    const move = { n, stage, qualification, ...to, score: scoreAt(state.heat, now(), model) }
    return { row, counted: contributionOf(state, model), ...(isMoved && { move }) }
  }

  /** Brings these up to date beside; the caller has locked them. Answers how many events that took. */
  const place = async (tx: Transaction, rows: readonly CurrentRow[]): Promise<number> => {
    const tally = createTally()
    // Those who were merged after they were built count no more by themselves.
    const merged = await uncount(tx, version, rows)
    for (const { site, state } of [...merged, ...(await countedOf(tx, version, rows))])
      tally.add({ version, site }, contributionOf(stateIn(state), model), -1)
    const people = (await withEvents(tx, rows.filter(isPerson))) as readonly (PersonHistory & CurrentRow)[]
    const built = people.map(build)
    for (const { row, counted = [] } of built) tally.add({ version, site: row.siteNumber }, counted, 1)
    await copyOthers(tx, { old, version, rows: rows.filter((row) => !isPerson(row)) })
    await writeVisitors(
      tx,
      built.map(({ row }) => row),
    )
    const moves = built.flatMap(({ move }) => move ?? [])
    await noteMoves(tx, { numbers: [...rows, ...merged].map(({ n }) => n), moves })
    await tally.write(tx, lane)
    return eventsOf(people)
  }

  /** The next of all. */
  const advance = (from: VisitorPlace): Promise<void> =>
    withPatience(sql, async (tx) => {
      await keep(tx)
      const rows = await lockNext(tx, { old, after: from, limit: stride.width() })
      stride.learn(rows.length === 0 ? slice : await place(tx, rows))
      return rows
    }).then((rows) => {
      done += rows.length
      after = rows.at(-1)
    })

  /** Some of those who changed since they were built; answers how many there were. */
  const catchUp = async (tx: Transaction, limit: number): Promise<number> => {
    const changed = await changedSince(tx, { old, version, mark, limit })
    if (changed.length > 0)
      await place(
        tx,
        await lockWhole(
          tx,
          old,
          changed.map(({ person }) => person),
        ),
      )
    return changed.length
  }

  const round = async (): Promise<number> => {
    const upTo = await settledAt(sql)
    const left = await withPatience(sql, async (tx) => {
      await keep(tx)
      return catchUp(tx, few)
    })
    // All that changed up to there was among them.
    if (left < few) mark = upTo
    rounds += 1
    return left
  }

  const finish = async (approval: Approval): Promise<void> => {
    await withPatience(sql, async (tx) => {
      await keep(tx)
      await tx`SELECT pg_advisory_xact_lock(${ALL_GROUPS})`
      await tx`SELECT block FROM begin_group()`
      while ((await catchUp(tx, slice)) > 0);
      await recordMoves(tx, { version, at: now() })
      await markPublished(tx, version, { ...approval, at: now() })
      // Nothing asks for these any more, and they hold words of people.
      await tx`DELETE FROM aggregate WHERE version NOT IN (0, ${version})`
      await clearMoves(tx)
    })
  }

  return {
    step: async () => {
      if (after) {
        await advance(after)
        return { done: Math.min(done, total), total, isReady: false }
      }
      total = Math.max(total, done)
      const left = await round()
      return { done: total, total, isReady: left < few || rounds > ROUNDS }
    },
    finish,
  }
}

interface Built {
  readonly row: VisitorRow
  readonly counted?: ReturnType<typeof contributionOf>
  readonly move?: Move
}

const isPerson = ({ root, state }: CurrentRow): boolean => root === null && state

const publishedVersion = async (sql: Sql): Promise<number> => {
  const [row] = await sql<{ version: number }[]>`SELECT version FROM model WHERE state = 'published'`
  return row!.version
}

const settledAt = async (sql: Sql): Promise<number> => {
  const [row] = await sql<{ place: number }[]>`SELECT settled() AS place`
  return row!.place
}

const prepare = async (sql: Sql, version: number, keep: RebuildOptions['keep']): Promise<void> => {
  await clearLeftovers(sql)
  await sql.begin(async (tx) => {
    await keep(tx)
    await tx`DELETE FROM aggregate WHERE version = ${version}`
    await createVisitorPartition(tx, version)
  })
}

const withPatience = async <Result>(sql: Sql, work: (tx: Transaction) => Promise<Result>): Promise<Result> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return ((await sql.begin(async (tx) => ({ of: await work(tx) }))) as { of: Result }).of
    } catch (error) {
      if (!isCollision(error) || tries > TRIES) throw error
      await setTimeout(tries)
    }
  }
}

const COLUMNS = `v.shard, v.n, v.id, v.root, v.site AS "siteNumber", s.name AS site, v.user_id, v.email, v.stage,
  v.qualification, v.changed, v.state IS NOT NULL AS state`

interface Next {
  readonly old: number
  readonly after: VisitorPlace
  readonly limit: number
}

const lockNext = (tx: Transaction, { old, after, limit }: Next) =>
  tx<CurrentRow[]>`
    SELECT ${tx.unsafe(COLUMNS)} FROM visitor v JOIN site s ON s.n = v.site
    WHERE v.version = ${old} AND (v.shard, v.n) > (${after.shard}, ${after.n})
    ORDER BY v.shard, v.n LIMIT ${limit} FOR UPDATE OF v`

/** With all who are part of them. */
const lockWhole = async (tx: Transaction, old: number, numbers: readonly number[]): Promise<readonly CurrentRow[]> => {
  const list = [...new Set(numbers)]
  return tx<CurrentRow[]>`
    SELECT ${tx.unsafe(COLUMNS)} FROM visitor v JOIN site s ON s.n = v.site
    WHERE v.version = ${old} AND (v.shard, v.n) IN (
      SELECT k.shard, k.n FROM unnest(${list.map(shardOf)}::smallint[], ${list}::bigint[]) AS k (shard, n)
      UNION SELECT p.shard, p.n FROM visitor p WHERE p.version = ${old} AND p.root = ANY(${list}::bigint[])
    ) ORDER BY v.shard, v.n FOR UPDATE OF v`
}

interface Since {
  readonly old: number
  readonly version: number
  readonly mark: number
  readonly limit: number
}

/** Whom to build anew, and the people these are part of: each row tells what it was built from by `changed`. */
const changedSince = (tx: Transaction, { old, version, mark, limit }: Since) =>
  tx<{ person: number }[]>`
    SELECT coalesce(c.root, c.n) AS person FROM visitor c JOIN site s ON s.n = c.site
    WHERE c.version = ${old} AND c.changed > ${mark} AND NOT EXISTS (
      SELECT 1 FROM visitor b
      WHERE b.version = ${version} AND b.shard = c.shard AND b.n = c.n AND b.changed = c.changed
    ) ORDER BY c.changed LIMIT ${limit}`

/** What of the rows beside is in the counts: see `stage_since` in `copyOthers`. */
const countedOf = (tx: Transaction, version: number, rows: readonly CurrentRow[]) =>
  tx<{ site: number; state: Buffer }[]>`
    SELECT v.site, v.state FROM unnest(${rows.map(({ shard }) => shard)}::smallint[], ${rows.map(({ n }) => n)}::bigint[])
      AS k (shard, n) JOIN visitor v ON v.shard = k.shard AND v.n = k.n AND v.version = ${version}
    WHERE v.state IS NOT NULL AND v.stage_since IS NOT NULL`

/** Parts of these people, who are locked, that were built before they were merged. */
const uncount = (tx: Transaction, version: number, rows: readonly CurrentRow[]) =>
  tx<{ n: number; site: number; state: Buffer }[]>`
    UPDATE visitor SET stage_since = NULL
    WHERE version = ${version} AND root = ANY(${rows.map(({ n }) => n)}::bigint[])
      AND state IS NOT NULL AND stage_since IS NOT NULL
    RETURNING n, site, state`

interface Copying {
  readonly old: number
  readonly version: number
  readonly rows: readonly CurrentRow[]
}

/**
 * Who was merged, and who has no state, is taken over as they are. Of the rows beside, those without `stage_since` are
 * not in the counts of that version: another who merges or takes apart meanwhile changes `root` alone.
 */
const copyOthers = async (tx: Transaction, { old, version, rows }: Copying): Promise<void> => {
  if (rows.length === 0) return
  const numbers = rows.map(({ n }) => n)
  await tx`
    INSERT INTO visitor (shard, n, version, id, site, root, user_id, email, state, stage, qualification, grade, account,
      label, last_seen, changed)
    SELECT shard, n, ${version}, id, site, root, user_id, email, state, stage, qualification, grade, account, label,
      last_seen, changed
    FROM visitor WHERE version = ${old} AND shard = ANY(${numbers.map(shardOf)}::smallint[])
      AND n = ANY(${numbers}::bigint[])
    ON CONFLICT (shard, n, version) DO UPDATE SET root = excluded.root, user_id = excluded.user_id,
      email = excluded.email, state = excluded.state, heat = NULL, warmth = NULL, stage = excluded.stage,
      qualification = excluded.qualification, grade = excluded.grade, account = excluded.account,
      label = excluded.label, last_seen = excluded.last_seen, stage_since = NULL, due = NULL,
      changed = excluded.changed`
}
