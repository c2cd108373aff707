/** The numbers of sites, remembered: a name that was removed and made anew has another one. */
import type { Sql } from './postgres.ts'
import { Collision } from './postgres-group.ts'

export interface SiteNumbers {
  readonly numbers: ReadonlyMap<string, number>
  readonly names: ReadonlyMap<number, string>
  /** Reads those that are not known yet. */
  readonly learn: (names: Iterable<string>) => Promise<void>
  readonly learnNumbers: (numbers: Iterable<number>) => Promise<void>
  /** Throws where one of them is not, within a transaction, what is remembered here. `now`: what they are there. */
  readonly check: (names: readonly string[], now: ReadonlyMap<string, number>) => void
}

interface SiteRow {
  readonly n: number
  readonly name: string
}

export const createSiteNumbers = (sql: Sql): SiteNumbers => {
  const numbers = new Map<string, number>()
  const names = new Map<number, string>()

  const keep = (rows: readonly SiteRow[]): void => {
    for (const { n, name } of rows) {
      numbers.set(name, n)
      names.set(n, name)
    }
  }

  const readAll = async (): Promise<void> => {
    numbers.clear()
    names.clear()
    keep(await sql<SiteRow[]>`SELECT n, name FROM site`)
  }

  return {
    numbers,
    names,
    learn: async (wanted) => {
      if ([...wanted].some((name) => !numbers.has(name))) await readAll()
    },
    learnNumbers: async (wanted) => {
      if ([...wanted].some((n) => !names.has(n))) await readAll()
    },
    check: (wanted, now) => {
      if (wanted.every((name) => now.get(name) === numbers.get(name) && now.has(name))) return
      numbers.clear()
      throw new Collision(`A site was removed or made anew: ${wanted.filter((name) => !now.has(name)).join(', ')}`)
    },
  }
}
