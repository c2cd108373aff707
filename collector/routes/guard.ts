/** Lets in whom a route takes: a token or the dashboard's cookie. A cookie may write only from the dashboard's own page. */
import type { Context, MiddlewareHandler } from 'hono'
import { getCookie } from 'hono/cookie'
import { type Access, COOKIE } from '../access.ts'
import type { PublicOrigin } from '../public-origin.ts'
import { type Fault, FORBIDDEN, FOREIGN, fail, UNAUTHORIZED } from './failure.ts'
import type { Who } from './route.ts'

export interface GuardOptions {
  readonly access: Access
  readonly publicOrigin: PublicOrigin
}

export const createGuard = ({ access, publicOrigin }: GuardOptions): ((who: Who) => MiddlewareHandler) => {
  const comesFromElsewhere = (c: Context): boolean => {
    const told = publicOrigin((name) => c.req.header(name))
    const hosts = [c.req.header('host'), told && new URL(told).host]
    return !isOwn(c.req.header('origin'), hosts)
  }

  /** Why who asks is not let in. */
  const refusal = (c: Context, who: 'read' | 'admin'): Fault | undefined => {
    const bearer = /^bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1]
    const cookie = getCookie(c, COOKIE)
    const role = bearer ? access.roleOfToken(bearer) : cookie ? access.roleOfSession(cookie) : undefined
    if (!role) return UNAUTHORIZED
    c.set('actor', bearer ? access.nameOfToken(bearer) : 'session')
    const reads = c.req.method === 'GET' || c.req.method === 'HEAD'
    if (!bearer && !reads && comesFromElsewhere(c)) return FOREIGN
    return role === 'admin' || who === 'read' ? undefined : FORBIDDEN
  }

  return (who) => async (c, next) => {
    if (who !== 'read' && who !== 'admin') return next()
    c.header('cache-control', 'no-store')
    const fault = refusal(c, who)
    return fault ? fail(c, fault) : next()
  }
}

const isOwn = (origin: string | undefined, hosts: readonly (string | undefined)[]): boolean =>
  origin !== undefined && URL.canParse(origin) && hosts.includes(new URL(origin).host)
