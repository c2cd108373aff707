/** Short ways to write a model down. */
import type { PageRule, Signal } from './model.ts'

/** A signal that counts so many times within so many days. */
export const counts = (
  group: NonNullable<Signal['group']>,
  points: number,
  [times, days]: readonly [number, number],
): Signal => ({
  group,
  points,
  limit: { times, days },
})
/** The same rule for several paths. */
export const rules = (paths: string, rule: Omit<PageRule, 'path'>): readonly PageRule[] =>
  paths.split(' ').map((path) => ({ path: `/${path}`, ...rule }))
