/** Numbers in the order of the log on PostgreSQL, and numbers of new visitors: each is given once. */
import type { Sql } from './postgres.ts'
import { BLOCK, HANDFUL } from './postgres-schema.ts'
import { visitorNumber } from './postgres-shard.ts'

export interface Places {
  /** The last of so many places that follow each other. */
  readonly take: (count: number) => number
}

/** Places of whole blocks, in their order. */
export const createPlaces = (blocks: readonly number[]): Places => {
  let block = 0
  let used = 0
  return {
    take: (count) => {
      if (used + count > BLOCK) {
        block += 1
        used = 0
      }
      used += count
      return blocks[block]! * BLOCK + used - 1
    },
  }
}

/** How many blocks beside the first so many places may fill, none of them given in runs of more than `run`. */
export const blocksFor = (places: number, run: number): number => Math.ceil(places / (BLOCK - run)) - 1

export interface VisitorNumbers {
  /** Lends numbers for so many at most; what is left of them comes back. */
  readonly lend: (count: number) => Promise<Lent>
}

export interface Lent {
  readonly numberIn: (shard: number) => number
  readonly giveBack: () => void
}

export const createVisitorNumbers = (sql: Sql): VisitorNumbers => {
  let free: number[] = []

  const fetch = async (count: number): Promise<void> => {
    const handfuls = Math.ceil(count / HANDFUL)
    const rows = await sql<
      { first: number }[]
    >`SELECT nextval('visitor_place') AS first FROM generate_series(1, ${handfuls}::int)`
    for (const { first } of rows) for (let i = HANDFUL - 1; i >= 0; i -= 1) free.push(first + i)
  }

  return {
    lend: async (count) => {
      while (free.length < count) await fetch(count - free.length)
      const own = free.slice(free.length - count)
      free = free.slice(0, free.length - count)
      return {
        numberIn: (shard) => visitorNumber(own.pop()!, shard),
        giveBack: () => {
          free.push(...own)
          own.length = 0
        },
      }
    },
  }
}
