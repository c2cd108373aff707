/** Addresses, titles and names that many visitors share, kept once, by number. */
import type { Terms } from './compact.ts'
import type { Db } from './sqlite.ts'

/** Terms kept, and the longest. Who sends nothing but new ones makes others' rows no shorter, and that is all. */
const MOST = 65_536
const LONGEST = 256
const SHORTEST = 4
/** Texts remembered until others show the same. */
const SEEN = 20_000
/** Visitors who must have shown a text. One person may be several, before they are found to be one. */
const SHOWN_BY = 5

export interface WrittenTerms {
  /** The terms to write a row of this visitor with. */
  readonly for: (visitor: number) => Terms
  /** What was kept since the last commit is not there after all. */
  readonly forget: () => void
}

/** For reading: a number that was once given stands for its text for ever, if what gave it is on disk. */
export interface ReadTerms extends Terms {
  /** What was read since the last commit may be taken back. */
  readonly forget: () => void
}

export const createTerms = (db: Db): ReadTerms => {
  const find = db.prepare('SELECT text FROM term WHERE n = ?').pluck()
  const known = new Map<number, string>()
  return {
    numberOf: () => undefined,
    textOf: (n) => {
      const text = known.get(n) ?? (find.get(n) as string | undefined)
      if (text === undefined) throw new Error(`The text number ${n} is missing in this database. Restore a backup.`)
      known.set(n, text)
      return text
    },
    forget: () => known.clear(),
  }
}

/** For writing beside the log, which alone makes new terms. */
export const createKnownTerms = (db: Db): Terms => {
  const { textOf } = createTerms(db)
  const numbers = new Map(db.prepare('SELECT text, n FROM term').raw().all() as [string, number][])
  const find = db.prepare('SELECT text FROM term WHERE n = ?').pluck()
  return {
    // Meanwhile somebody may have been erased who was called so.
    numberOf: (text) => {
      const n = numbers.get(text)
      return n !== undefined && find.get(n) === text ? n : undefined
    },
    textOf,
  }
}

/** For writing. A text becomes a term when a fifth visitor shows it, so that no term is one person's alone. */
export const createWrittenTerms = (db: Db): WrittenTerms => {
  const all = db.prepare('SELECT text, n FROM term').raw()
  const insert = db.prepare('INSERT INTO term (n, text) VALUES (?, ?)')
  const { textOf } = createTerms(db)
  const seen = new Map<string, number[]>()
  let numbers = new Map(all.all() as [string, number][])
  let owner = 0

  /** Answers whether enough have shown it. */
  const see = (text: string): boolean => {
    const owners = seen.get(text) ?? []
    if (!owners.includes(owner)) owners.push(owner)
    if (owners.length >= SHOWN_BY) return seen.delete(text)
    if (seen.size >= SEEN) seen.clear()
    seen.set(text, owners)
    return false
  }

  const numberOf = (text: string): number | undefined => {
    const known = numbers.get(text)
    if (known !== undefined) return known
    if (text.length < SHORTEST || text.length > LONGEST || numbers.size >= MOST) return undefined
    if (text.includes('@') || !see(text)) return undefined
    const n = numbers.size + 1
    insert.run(n, text)
    numbers.set(text, n)
    return n
  }

  const terms: Terms = { numberOf, textOf }
  return {
    for: (visitor) => {
      owner = visitor
      return terms
    },
    forget: () => {
      numbers = new Map(all.all() as [string, number][])
    },
  }
}
