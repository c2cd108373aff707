/** Lengths of time as numbers of classes, each a tenth longer than the one before: small to keep, within 5 % to read. */
import { WINDOW } from './seen.ts'

const STEP = Math.log(1.1)
/** Below about two seconds. */
const SHORTEST = -150

/** 0 and below: within the window, exactly. */
export const bucketOf = (ms: number): number =>
  ms <= 0 ? SHORTEST : Math.max(SHORTEST, Math.ceil(Math.log(ms / WINDOW) / STEP))

export const isWithin = (bucket: number): boolean => bucket <= 0

/** In the middle of the class, in ms. */
const lengthOf = (bucket: number): number => (bucket <= SHORTEST ? 0 : WINDOW * Math.exp((bucket - 0.5) * STEP))

/** The length that a share of all do not exceed; undefined of none. */
export const quantileOf = (buckets: ReadonlyMap<number, number>, share: number): number | undefined => {
  const total = [...buckets.values()].reduce((sum, n) => sum + n, 0)
  let left = Math.max(1, Math.ceil(total * share))
  for (const [bucket, n] of [...buckets].sort(([a], [b]) => a - b)) {
    left -= n
    if (n > 0 && left <= 0) return lengthOf(bucket)
  }
  return undefined
}
