/** What a move copies, table by table, and what becomes of each row. Over 150 lines, for it is one list. */
import type { VisitorEvent } from '../../shared/event.ts'
import type { Terms } from './compact.ts'
import type { Numbers, Row, Source, Value } from './move-source.ts'
import { idHash, monthOf, shardOf, shardOfName } from './postgres-shard.ts'
import { createTerms } from './sqlite-terms.ts'
import { eventsIn, stateIn, storedEvents, storedState } from './stored.ts'

/** Rows for a table of the database. */
export interface Filling {
  readonly table: string
  readonly rows: readonly Row[]
  /** Ids of events that are no longer in the log: of which site they were is not known. */
  readonly isOfAnySite?: boolean
}

export interface Part {
  /** The table of the file. */
  readonly table: string
  readonly key: readonly string[]
  /** Rows that are copied at once, and so are in memory. */
  readonly slice: number
  readonly fill: (rows: readonly Row[]) => readonly Filling[]
}

const number = (value: Value | undefined): number => value as number
const numberOrNull = (value: Value | undefined): number | null => value as number | null

/** Those that look the same on both sides. */
const asIs = (table: string, key: readonly string[]): Part => ({
  table,
  key,
  slice: 1000,
  fill: (rows) => [{ table, rows }],
})

const changed = (table: string, key: readonly string[], change: (row: Row) => Row): Part => ({
  table,
  key,
  slice: 1000,
  fill: (rows) => [{ table, rows: rows.map(change) }],
})

/** In an order in which each finds what it needs. */
export const partsOf = (source: Source, numbers: Numbers): readonly Part[] => {
  const terms = createTerms(source.db)
  const toldOf = source.db.prepare('SELECT visitor FROM message WHERE seq = ?').pluck()
  const ofVisitor = (row: Row): Row => {
    const visitor = numbers.of(number(row.visitor))
    return { ...row, visitor, shard: shardOf(visitor) }
  }
  return [
    asIs('site', ['n']),
    asIs('secret_key', ['id']),
    asIs('model', ['version']),
    asIs('webhook', ['id']),
    visitors(source, numbers, terms),
    changed('name', ['site', 'kind', 'value'], (row) => ({
      ...row,
      visitor: numbers.of(number(row.visitor)),
      shard: shardOfName(number(row.site), { kind: row.kind as 'user', value: row.value as string }),
    })),
    changed('merge', ['seq'], (row) => {
      const [from, into] = [numbers.of(number(row.source)), numbers.of(number(row.target))]
      return { ...row, source: from, target: into, shard: shardOf(into) }
    }),
    events(numbers, terms),
    oldIds,
    changed('transition', ['seq'], ofVisitor),
    changed('feedback', ['visitor', 'at', 'seq'], ofVisitor),
    changed('aggregate', ['site', 'kind', 'what', 'outcome', 'day'], (row) => ({
      ...row,
      version: row.kind === 'move' ? 0 : source.version,
      lane: 0,
    })),
    changed('message', ['seq'], ofVisitor),
    changed('delivery', ['webhook', 'message'], (row) => ({
      ...row,
      shard: shardOf(numbers.of(toldOf.get(row.message) as number)),
    })),
    asIs('rejected', ['seq']),
    changed('rejected_count', ['code'], (row) => ({ ...row, lane: 0 })),
    asIs('tombstone', ['mark']),
    asIs('audit', ['n']),
  ]
}

const visitors = ({ version }: Source, numbers: Numbers, terms: Terms): Part =>
  changed('visitor', ['n'], ({ user, state, ...row }) => {
    const [n, root] = [numbers.of(number(row.n)), numberOrNull(row.root)]
    return {
      ...row,
      n,
      shard: shardOf(n),
      version,
      user_id: user!,
      root: root === null ? null : numbers.of(root),
      state: state === null ? null : storedState(stateIn(state as Buffer, terms)),
      changed: row.changed ?? 0,
    }
  })

const events = (numbers: Numbers, terms: Terms): Part => ({
  table: 'event',
  key: ['seq'],
  // A row may hold some hundred events.
  slice: 500,
  fill: (rows) => {
    const bodies: Row[] = []
    const ids: Row[] = []
    for (const row of rows) {
      const [n, seq] = [number(row.visitor), number(row.seq)]
      const [visitor, site] = [numbers.of(n), numbers.siteOf(n)]
      const all = eventsIn(row.body as Buffer, terms)
      for (const { id } of all) ids.push({ ...idHash(site, id), site })
      for (const run of runsOf(all, seq)) bodies.push({ ...run, visitor, shard: shardOf(visitor) })
    }
    return [
      { table: 'event', rows: bodies },
      { table: 'event_id', rows: ids },
    ]
  },
})

/** A row holds events of one month there, each at the place it has. */
const runsOf = (all: readonly VisitorEvent[], seq: number): readonly Row[] => {
  const runs: Row[] = []
  for (let from = 0; from < all.length; ) {
    const month = monthOf(all[from]!.at)
    const end = all.findIndex(({ at }, i) => i > from && monthOf(at) !== month)
    const upTo = end < 0 ? all.length : end
    runs.push({ seq: seq - all.length + upTo, month, body: storedEvents(all.slice(from, upTo)) })
    from = upTo
  }
  return runs
}

const BYTES = 8

/** Hashes of ids in sealed runs: of those that are no longer in the log, nothing else is left. */
const oldIds: Part = {
  table: 'id_slot',
  key: ['run', 'slot'],
  // A row may hold a thousand.
  slice: 16,
  fill: (rows) => [
    { table: 'event_id', isOfAnySite: true, rows: rows.flatMap(({ keys }) => hashesIn(keys as Buffer)) },
  ],
}

const hashesIn = (keys: Buffer): readonly Row[] =>
  Array.from({ length: keys.length / BYTES }, (_, i) => {
    const hash = keys.readBigInt64BE(i * BYTES)
    return { hash: hash.toString(), shard: shardOf(Number(hash & 0x3ffn)) }
  })
