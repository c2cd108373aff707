/** `GET /api/export.csv` and `/api/export.ndjson`: a list of visitors to its end, page by page, as fast as it is read. */
import { stringify } from 'csv-stringify/sync'
import { z } from 'zod'
import type { Visitor } from '../../shared/answer.ts'
import { AUDIENCES, type LeadSheet, sheetFor } from '../../shared/lead-row.ts'
import { SORTS, type VisitorCursor } from '../store/store.ts'
import { type Given, type Route, route } from './route.ts'
import { FilterQuery, filtered, type VisitorsOptions } from './visitors.ts'

/** Visitors read, and held in memory, at a time. */
const PAGE = 200

const Query = FilterQuery.safeExtend({ sort: z.enum(SORTS).default('score') })
const CsvQuery = Query.safeExtend({ for: z.enum(AUDIENCES).default('spreadsheet') })
type Query = z.infer<typeof Query>

const CSV = 'text/csv; charset=utf-8'
const NDJSON = 'application/x-ndjson; charset=utf-8'
const read = { method: 'GET', who: 'read' } as const

export const exportRoutes = (options: VisitorsOptions): readonly Route[] => [
  route(
    {
      ...read,
      path: '/api/export.csv',
      about: 'Visitors for a spreadsheet, or for a CRM to import. No cell can be a formula.',
      query: CsvQuery,
      answers: { 200: { about: 'UTF-8 with a byte order mark, one row per visitor.', type: CSV } },
    },
    (given) => {
      const sheet = sheetFor(given.query.for)
      return send(given, { ...options, type: CSV, name: 'leads.csv', head: headOf(sheet), lines: rowsOf(sheet) })
    },
  ),
  route(
    {
      ...read,
      path: '/api/export.ndjson',
      about: 'Visitors for a program: each line is what GET /api/visitors/:id answers.',
      query: Query,
      answers: { 200: { about: 'One JSON object per line.', type: NDJSON } },
    },
    (given) => send(given, { ...options, type: NDJSON, name: 'leads.ndjson', head: '', lines: jsonLines }),
  ),
]

interface Sending extends VisitorsOptions {
  readonly type: string
  readonly name: string
  readonly head: string
  readonly lines: (visitors: readonly Visitor[]) => string
}

const send = ({ c, query }: Given<Query, unknown>, { type, name, head, lines, ...options }: Sending): Response => {
  c.header('content-type', type)
  c.header('content-disposition', `attachment; filename="${name}"`)
  // Nobody reads the body of a HEAD.
  if (c.req.method === 'HEAD') return c.body(null)
  // It is asked for the next page when the one before has left; where it throws, the connection breaks.
  return c.body(streamOf(bytesOf(head, pagesOf(query, options), lines)))
}

const streamOf = (parts: AsyncGenerator<Uint8Array>): ReadableStream =>
  new ReadableStream({
    pull: async (controller) => {
      const { done, value } = await parts.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    cancel: async () => {
      await parts.return(undefined)
    },
  })

async function* bytesOf(
  head: string,
  pages: AsyncIterable<readonly Visitor[]>,
  lines: Sending['lines'],
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  if (head !== '') yield encoder.encode(head)
  for await (const visitors of pages) yield encoder.encode(lines(visitors))
}

/** Throws where another model is published meanwhile: better a broken download than one that lacks some. */
async function* pagesOf(
  { sort, ...filters }: Query,
  { views, profiles, editions, now }: VisitorsOptions,
): AsyncGenerator<readonly Visitor[]> {
  const edition = editions.current()
  const at = now()
  const wanted = filtered(filters, edition, at)
  let cursor: VisitorCursor | undefined
  do {
    const page = await views.visitors({ ...wanted, sort, limit: PAGE, cursor })
    if (editions.current().version !== edition.version) throw new Error('Another model was published. Export again.')
    yield page.items.map((visitor) => profiles.show(visitor, at))
    cursor = page.next
  } while (cursor)
}

/**
 * A cell that begins like a formula gets an apostrophe in front, by which spreadsheets know a text. Either half of a line
 * end is quoted as well as both: some readers end a row there.
 */
const SAFELY = { escape_formulas: true, record_delimiter: '\r\n', quoted_match: /[\r\n]/ } as const

const headOf = ({ columns }: LeadSheet): string => stringify([[...columns]], { ...SAFELY, bom: true })

const rowsOf =
  ({ rowOf }: LeadSheet) =>
  (visitors: readonly Visitor[]): string =>
    stringify(
      visitors.flatMap((visitor) => {
        const row = rowOf(visitor)
        return row ? [[...row]] : []
      }),
      SAFELY,
    )

const jsonLines = (visitors: readonly Visitor[]): string =>
  visitors.map((visitor) => `${JSON.stringify(visitor)}\n`).join('')
