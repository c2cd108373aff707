/** What a move reads: the SQLite file of a collector that was stopped, and what lies beside it. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { MIGRATIONS } from './migrations.ts'
import { STEPS } from './postgres-schema.ts'
import { shardOfId, shardOfName, visitorNumber } from './postgres-shard.ts'
import { type Db, openStopped } from './sqlite.ts'
import { HEAD } from './sqlite-log-sql.ts'

export type Value = string | number | Buffer | null
export type Row = Readonly<Record<string, Value>>

export interface Source {
  readonly db: Db
  readonly path: string
  /** Changes with the file: what was copied of another is no part of this one. */
  readonly print: string
  /** The version of the model that scores. */
  readonly version: number
  /** The last place in the log, and the greatest numbers given of what is counted by itself. */
  readonly last: Readonly<Record<'place' | 'visitor' | 'site' | 'audit' | 'rejected', number>>
  readonly close: () => void
}

/** Throws `StoreError` with the cure. */
export const openSource = (path: string): Source => {
  const { db, close } = openStopped(path)
  const one = (sql: string): number => (db.prepare(sql).pluck().get() as number | null | undefined) ?? 0
  return {
    db,
    path,
    print: printOf(path),
    version: one(`SELECT version FROM model WHERE state = 'published'`),
    last: {
      place: Math.max(one(HEAD), one('SELECT max(seq) FROM message')),
      visitor: one('SELECT max(n) FROM visitor'),
      // Those of sites that were removed are not given again.
      site: one(`SELECT seq FROM sqlite_sequence WHERE name = 'site'`),
      audit: one('SELECT max(n) FROM audit'),
      rejected: one('SELECT max(seq) FROM rejected'),
    },
    close,
  }
}

/** A file that was written to since has another one, and so has another layout of either side. */
const printOf = (path: string): string => {
  const parts = [path, `${path}-wal`].map((part) => {
    const stat = statSync(part, { throwIfNoEntry: false })
    return stat && stat.size > 0 ? `${stat.size} ${stat.mtimeMs}` : ''
  })
  return [...parts, MIGRATIONS.length, STEPS.length].join('/')
}

/** Where visitors of the file are in the database. */
export interface Numbers {
  readonly of: (n: number) => number
  readonly siteOf: (n: number) => number
}

const UNKNOWN = 0xffff

/** In memory for every visitor: a shard, which is that of a name where there is one, and a site. */
export const readNumbers = ({ db, last }: Source): Numbers => {
  const shards = new Uint16Array(last.visitor + 1).fill(UNKNOWN)
  const sites = new Uint32Array(last.visitor + 1)
  type NameRow = readonly [visitor: number, site: number, kind: 'anonymous' | 'email' | 'user', value: string]
  const names = db.prepare('SELECT visitor, site, kind, value FROM name ORDER BY site, kind, value').raw()
  for (const [visitor, site, kind, value] of names.iterate() as Iterable<NameRow>)
    if (shards[visitor] === UNKNOWN) shards[visitor] = shardOfName(site, { kind, value })
  const visitors = db.prepare('SELECT n, id, site FROM visitor').raw()
  for (const [n, id, site] of visitors.iterate() as Iterable<readonly [number, string, number]>) {
    sites[n] = site
    if (shards[n] === UNKNOWN) shards[n] = shardOfId(id)
  }
  return {
    of: (n) => visitorNumber(n, shards[n]!),
    siteOf: (n) => sites[n]!,
  }
}

/** What the file of the erased holds, read without making it. */
export const readErased = (path: string): { readonly key: Buffer | undefined; readonly marks: ReadonlySet<string> } => {
  const file = `${path}.erased`
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const all = (word: string): readonly string[] =>
    [...text.matchAll(new RegExp(`^${word} ([0-9a-f]{64})$`, 'gm'))].map(([, hex]) => hex!)
  const [key] = all('key')
  return { key: key === undefined ? undefined : Buffer.from(key, 'hex'), marks: new Set(all('mark')) }
}
