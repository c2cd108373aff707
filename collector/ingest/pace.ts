/** Notices a visitor who opens more pages than anybody can look at. Remembered in memory only. */
import type { VisitorEvent } from '../../shared/event.ts'
import { createRecent } from './recent.ts'

/** This many views within this time (ms) are more than a person opens, tabs opened in a row included. */
const VIEWS = 20
const WITHIN = 10_000
/** Visitors remembered. */
const VISITORS = 20_000

interface View {
  readonly id: string
  readonly at: number
}

/**
 * Tells whether a visitor's event lies where they had opened too many pages already. By the time it happened, so that
 * what waited in a browser and comes all at once is none; a view sent twice counts once.
 */
export const createPace = (): ((visitor: string, event: VisitorEvent) => boolean) => {
  const recent = createRecent<readonly View[]>(VISITORS)
  return (visitor, { id, at, type }) => {
    const views = recent.get(visitor) ?? []
    const before = views.filter((view) => view.at <= at && view.at > at - WITHIN && view.id !== id)
    if (type === 'page' && !views.some((view) => view.id === id))
      recent.set(visitor, [...views, { id, at }].slice(-2 * VIEWS))
    return before.length >= VIEWS
  }
}
