/** `GET /api/accounts` and one of them: companies by what their people do. */
import { z } from 'zod'
import { AccountDetail, AccountPage } from '../../shared/answer.ts'
import type { Accounts } from '../accounts.ts'
import { ACCOUNT_SORTS } from '../store/store.ts'
import { cursorParameter, encodeCursor, isInOrder, OTHER_ORDER } from './cursor.ts'
import { type Fault, fail } from './failure.ts'
import { type Route, route } from './route.ts'

export interface AccountRoutesOptions {
  /** Under the model that scores at present. */
  readonly accounts: () => Accounts
}

const Cursor = z.object({ key: z.number().nullable(), id: z.string(), sort: z.enum(ACCOUNT_SORTS) })
const Site = z.string().max(100).optional()
const ListQuery = z
  .object({
    sort: z.enum(ACCOUNT_SORTS).default('score'),
    limit: z.coerce.number().int().min(1).max(200).default(50),
    q: z.string().min(1).max(200).optional(),
    site: Site,
    minScore: z.coerce.number().min(0).max(1000).optional(),
    cursor: cursorParameter(Cursor).optional(),
  })
  .refine(isInOrder, OTHER_ORDER)
const OneQuery = z.object({ site: Site })

const NO_ACCOUNT: Fault = { status: 404, code: 'not_found', message: 'No company is known by that name.' }

export const accountRoutes = ({ accounts }: AccountRoutesOptions): readonly Route[] => [
  route(
    {
      method: 'GET',
      path: '/api/accounts',
      who: 'read',
      about: 'Companies, by what their people do.',
      query: ListQuery,
      answers: { 200: { about: 'A page of companies.', schema: AccountPage } },
    },
    async ({ c, query }) => {
      const { items, next } = await accounts().list(query)
      return c.json({ items, nextCursor: next ? encodeCursor({ ...next, sort: query.sort }) : null })
    },
  ),
  route(
    {
      method: 'GET',
      path: '/api/accounts/:id',
      who: 'read',
      about: 'A company, its people, and all that its score is the sum of.',
      query: OneQuery,
      answers: { 200: { about: 'The company.', schema: AccountDetail } },
      faults: [NO_ACCOUNT],
    },
    async ({ c, query }) => {
      const account = await accounts().one(c.req.param('id')!, query.site)
      return account ? c.json(account) : fail(c, NO_ACCOUNT)
    },
  ),
]
