/** `GET /api/openapi.json` and `/api/docs`: what the routes are, for programs and for people. Holds nothing secret. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { docsPage } from './docs-page.ts'
import { type OpenApi, openApiOf } from './openapi.ts'
import { pagePolicy } from './policy.ts'
import { type Route, route } from './route.ts'

const OPEN = { method: 'GET', who: 'anyone' } as const
const CACHE = { 'cache-control': 'no-cache' }

/** `others`: the routes there are beside these. */
export const docsRoutes = (others: readonly Route[], version: string): readonly Route[] => {
  const style = readFileSync(join(import.meta.dirname, 'docs.css'), 'utf8')
  let document: OpenApi | undefined
  // Written when first asked for: most collectors never are.
  const written = (): OpenApi => {
    document ??= openApiOf([...routes, ...others], version)
    return document
  }
  const routes: readonly Route[] = [
    route(
      {
        ...OPEN,
        path: '/api/openapi.json',
        about: 'This document.',
        answers: { 200: { about: 'OpenAPI 3.1.', schema: z.looseObject({ openapi: z.literal('3.1.0') }) } },
      },
      ({ c }) => c.json(written(), 200, CACHE),
    ),
    route(
      {
        ...OPEN,
        path: '/api/docs',
        about: 'This document as a page to read.',
        answers: { 200: { about: 'A page.', type: 'text/html; charset=UTF-8' } },
        middleware: [pagePolicy()],
      },
      ({ c }) => c.html(docsPage(written()), 200, CACHE),
    ),
    route({ ...OPEN, path: '/api/docs.css', answers: {}, middleware: [pagePolicy()] }, ({ c }) =>
      c.body(style, 200, { ...CACHE, 'content-type': 'text/css; charset=utf-8' }),
    ),
  ]
  return routes
}
