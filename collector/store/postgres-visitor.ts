/** A visitor's row as readers on PostgreSQL take it. */
import type { StoredVisitor } from './store.ts'
import { stateIn } from './stored.ts'

export interface VisitorRow {
  readonly id: string
  /** Its name. */
  readonly site: string
  readonly state: Buffer
  readonly version: number
}

export const visitorIn = ({ id, site, state, version }: VisitorRow): StoredVisitor => ({
  id,
  site,
  state: stateIn(state),
  modelVersion: version,
})
