/** One page of a list: the rows that are kept of those looked at, and where the next page begins. */
import type { StoredVisitor, Views, VisitorCursor, VisitorQuery } from './store.ts'

export interface ListedRow {
  readonly id: string
  readonly key: number | null
}

type Page = Awaited<ReturnType<Views['visitors']>>

/** Rows looked at for a page. One more tells whether there is a next one. */
export const looksAt = ({ among, limit }: VisitorQuery): number => among?.most ?? limit

interface Paging<Row> {
  readonly query: VisitorQuery
  readonly asOf: number
  readonly read: (row: Row) => StoredVisitor
  readonly isRecorded: (row: Row) => boolean
}

export const pageOf = <Row extends ListedRow>(
  rows: Iterable<Row>,
  { query, asOf, read, isRecorded }: Paging<Row>,
): Page => {
  const { among, limit } = query
  const items: StoredVisitor[] = []
  let [looked, last]: [number, VisitorCursor | undefined] = [0, undefined]
  for (const row of rows) {
    if (last && (items.length === limit || looked === looksAt(query))) return { items, next: last }
    const visitor = read(row)
    const isKept = (among?.keeps?.(visitor.state) ?? true) && (!among?.recorded || isRecorded(row))
    if (isKept) items.push(visitor)
    looked += 1
    last = { key: row.key, id: row.id, asOf }
  }
  return { items }
}
