/**
 * A transaction that writes to the log on PostgreSQL: it takes a place in the order of all, works by the model that is
 * at work and by what is erased as of now, and is done again where another collector was in the way.
 */
import { setTimeout } from 'node:timers/promises'
import type { Shell } from './engine.ts'
import { isCollision, type Sql, type Transaction } from './postgres.ts'
import { texts } from './postgres-array.ts'
import type { Scoring } from './store.ts'

/** Tries before it is given up: whoever sent it is told to come again. */
const TRIES = 12
/** Longest wait before the next try, for each try before it, in ms. */
const PATIENCE = 8

/** Whom the store refuses: those who were erased, here or by another collector. */
export interface Refusals {
  /** The greatest tombstone number that is known here. */
  readonly known: () => number
  /** Reads those that came since. */
  readonly refresh: () => Promise<void>
}

export interface Group {
  readonly tx: Transaction
  readonly scoring: Scoring
  /**
   * To be awaited with the first statements: what the transaction begins with, once it is found to be up to date. Only what
   * does no harm outside of a transaction may be sent before.
   */
  readonly begun: Promise<Begun>
  /** Takes statements that were sent and whose answers nobody needs: they are awaited with the commit. */
  readonly end: (sent: readonly Promise<unknown>[]) => void
}

/** `sites`: those whose numbers the work must know as of its transaction. */
export type InGroup = <Result>(work: (group: Group) => Promise<Result>, sites?: readonly string[]) => Promise<Result>

/** Another collector was first: the same may go through at once. The code is that of a failed serialisation. */
export class Collision extends Error {
  readonly code = '40001'
}

class Outdated extends Error {
  readonly code = '40001'
}

export interface Begun {
  /** Of places in the log. */
  readonly block: number
  /** The numbers of the sites that were asked for, by their names: only of those that are there. */
  readonly sites: ReadonlyMap<string, number>
  /** Whether any webhook wants to be told. */
  readonly hears: boolean
}

interface BegunRow {
  readonly block: number
  readonly version: number
  readonly tombstones: number
  readonly sites: string | null
  readonly hears: boolean
}

export const createInGroup = (sql: Sql, shell: Pick<Shell, 'scoring' | 'refresh'>, refusals: Refusals): InGroup => {
  const begin = async (tx: Transaction, { version }: Scoring, wanted: readonly string[]): Promise<Begun> => {
    const [row] = await tx<BegunRow[]>`
      SELECT block, version, tombstones, sites, hears FROM begin_group(${texts(wanted)}::text[])`.execute()
    const { block, sites, hears } = row!
    if (row!.version !== version || row!.tombstones > refusals.known())
      throw new Outdated('Another collector has published a model or erased somebody.')
    const found = sites?.split(' ') ?? []
    return { block, hears, sites: new Map(wanted.flatMap((name, i) => (found[i] ? [[name, Number(found[i])]] : []))) }
  }

  const once = async <Result>(work: (group: Group) => Promise<Result>, sites: readonly string[]): Promise<Result> => {
    const scoring = shell.scoring()
    return await sql.beginAhead(async (tx) => {
      const begun = begin(tx, scoring, sites)
      // It is awaited by the work; where that fails before, its failure is no news.
      begun.catch(() => undefined)
      const sent: Promise<unknown>[] = []
      const end: Group['end'] = (some) => void sent.push(...some)
      return { result: await work({ tx, scoring, begun, end }), sent }
    })
  }

  const recover = async (error: unknown, tries: number): Promise<void> => {
    if (tries >= TRIES || !isCollision(error)) throw error
    if (error instanceof Outdated) await Promise.all([shell.refresh(), refusals.refresh()])
    else await setTimeout(Math.random() * PATIENCE * tries)
  }

  return async (work, sites = []) => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await once(work, sites)
      } catch (error) {
        await recover(error, tries)
      }
    }
  }
}

/** More blocks of places, where one is not enough: what was locked with the first covers them. */
export const moreBlocks = async (tx: Transaction, count: number): Promise<readonly number[]> => {
  if (count <= 0) return []
  const rows = await tx<{ block: number }[]>`SELECT nextval('block') AS block FROM generate_series(1, ${count}::int)`
  return rows.map(({ block }) => block)
}
