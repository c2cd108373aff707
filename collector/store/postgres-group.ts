/**
 * A transaction that writes to the log on PostgreSQL: it takes a place in the order of all, works by the model that is
 * at work and by what is erased as of now, and is done again where another collector was in the way.
 */
import { setTimeout } from 'node:timers/promises'
import type { Shell } from './engine.ts'
import { isCollision, type Sql, type Transaction } from './postgres.ts'
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
  /** To be awaited with the first statements: the block of places, once this collector is found to be up to date. */
  readonly block: Promise<number>
}

export type InGroup = <Result>(work: (group: Group) => Promise<Result>) => Promise<Result>

/** Another collector was first: the same may go through at once. The code is that of a failed serialisation. */
export class Collision extends Error {
  readonly code = '40001'
}

class Outdated extends Error {
  readonly code = '40001'
}

export interface Begun {
  readonly block: number
  readonly version: number
  readonly tombstones: number
}

export const createInGroup = (sql: Sql, shell: Pick<Shell, 'scoring' | 'refresh'>, refusals: Refusals): InGroup => {
  const begin = async (tx: Transaction, { version }: Scoring): Promise<number> => {
    const [begun] = await tx<Begun[]>`SELECT block, version, tombstones FROM begin_group()`.execute()
    if (begun!.version !== version || begun!.tombstones > refusals.known())
      throw new Outdated('Another collector has published a model or erased somebody.')
    return begun!.block
  }

  const once = async <Result>(work: (group: Group) => Promise<Result>): Promise<Result> => {
    const scoring = shell.scoring()
    const result = await sql.begin(async (tx) => {
      const block = begin(tx, scoring)
      // It is awaited by the work; where that fails before, its failure is no news.
      block.catch(() => undefined)
      return { of: await work({ tx, scoring, block }) }
    })
    return (result as { of: Result }).of
  }

  const recover = async (error: unknown, tries: number): Promise<void> => {
    if (tries >= TRIES || !isCollision(error)) throw error
    if (error instanceof Outdated) await Promise.all([shell.refresh(), refusals.refresh()])
    else await setTimeout(Math.random() * PATIENCE * tries)
  }

  return async (work) => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await once(work)
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
