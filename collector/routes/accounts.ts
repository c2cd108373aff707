/** `GET /api/accounts` and one of them: companies by what their people do. */
import { Hono } from 'hono'
import { z } from 'zod'
import type { Accounts } from '../accounts.ts'
import { ACCOUNT_SORTS } from '../store/store.ts'
import { cursorParameter, encodeCursor } from './cursor.ts'
import { badRequest, type Fault, fail } from './failure.ts'

export interface AccountRoutesOptions {
  /** Under the model that scores at present. */
  readonly accounts: () => Accounts
}

const Cursor = z.object({ key: z.number().nullable(), id: z.string() })
const Site = z.string().max(100).optional()
const ListQuery = z.object({
  sort: z.enum(ACCOUNT_SORTS).default('score'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  q: z.string().min(1).max(200).optional(),
  site: Site,
  minScore: z.coerce.number().min(0).max(1000).optional(),
  cursor: cursorParameter(Cursor).optional(),
})
const OneQuery = z.object({ site: Site })

export const accountRoutes = ({ accounts }: AccountRoutesOptions): Hono => {
  const app = new Hono()
  app.get('/', async (c) => {
    const query = ListQuery.safeParse(c.req.query())
    if (!query.success) return fail(c, badRequest(query.error))
    const { items, next } = await accounts().list(query.data)
    return c.json({ items, nextCursor: next ? encodeCursor(next) : null })
  })
  app.get('/:id', async (c) => {
    const query = OneQuery.safeParse(c.req.query())
    if (!query.success) return fail(c, badRequest(query.error))
    const account = await accounts().one(c.req.param('id'), query.data.site)
    return account ? c.json(account) : fail(c, NO_ACCOUNT)
  })
  return app
}

const NO_ACCOUNT: Fault = { status: 404, code: 'not_found', message: 'No company is known by that name.' }
