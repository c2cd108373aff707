/** What changed of the counts that reports are read from, collected in memory until it is written, whatever the store. */
import type { Counted } from '../../shared/contribution.ts'

/** By how much a count is to change. */
export interface Change extends Counted {
  readonly site: string
  readonly by: number
}

export interface Counts {
  /** What was counted of somebody before, and is now. */
  readonly change: (site: string, before: readonly Counted[], after: readonly Counted[]) => void
  /** All that changed; begins anew. */
  readonly take: () => readonly Change[]
}

/** A character that no part holds. */
const BETWEEN = '\0'

export const createCounts = (): Counts => {
  let pending = new Map<string, number>()

  const count = (site: string, some: readonly Counted[], by: 1 | -1): void => {
    for (const { kind, day, of, end } of some) {
      const key = `${site}${BETWEEN}${kind}${BETWEEN}${day}${BETWEEN}${end}${BETWEEN}${of}`
      pending.set(key, (pending.get(key) ?? 0) + by)
    }
  }

  return {
    change: (site, before, after) => {
      const { head, tail } = alike(before, after)
      count(site, before.slice(head, before.length - tail), -1)
      count(site, after.slice(head, after.length - tail), 1)
    },
    take: () => {
      const taken = [...pending].filter(([, by]) => by !== 0).map(changeOf)
      pending = new Map()
      return taken
    },
  }
}

const changeOf = ([key, by]: readonly [string, number]): Change => {
  const [site, kind, day, end, of] = key.split(BETWEEN) as [string, Counted['kind'], string, string, string]
  return { site, kind, day: Number(day), end, of, by }
}

/** How many both begin and end with: somebody who did one thing more is counted mostly as before. */
const alike = (
  one: readonly Counted[],
  other: readonly Counted[],
): { readonly head: number; readonly tail: number } => {
  const most = Math.min(one.length, other.length)
  let head = 0
  while (head < most && isSame(one[head]!, other[head]!)) head += 1
  let tail = 0
  while (tail < most - head && isSame(one.at(-1 - tail)!, other.at(-1 - tail)!)) tail += 1
  return { head, tail }
}

const isSame = (one: Counted, other: Counted): boolean =>
  one.of === other.of && one.end === other.end && one.day === other.day && one.kind === other.kind
