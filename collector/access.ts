/** Who may do what: bearer tokens, one-time sign-in links, and the cookie they are exchanged for. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { hashOf } from './admission.ts'

export const ROLES = ['read', 'admin'] as const
export type Role = (typeof ROLES)[number]

export const COOKIE = 'leadlight_session'
const LINK_LIFE = 15 * 60_000
const SESSION_LIFE = 30 * 86_400_000

export interface AccessOptions {
  readonly adminToken: string
  /** Role of a stored key, by its hash. */
  readonly roleOfHash: (hash: string) => Role | undefined
  /** A stored key was let in. */
  readonly onUse: (hash: string) => void
  /** Id of a stored key, by its hash. */
  readonly idOfHash: (hash: string) => string | undefined
  readonly now: () => number
  /** Signs links; see `Commons`. */
  readonly onceKey: string
  /** False where this one was used before. */
  readonly spend: (hash: string, until: number) => Promise<boolean>
}

export interface Access {
  readonly roleOfToken: (token: string) => Role | undefined
  /** What the audit log calls the bearer of a token. */
  readonly nameOfToken: (token: string) => string
  /** A token that signs in once, within 15 minutes. */
  readonly newSignIn: () => string
  /** Exchanges it for the value of a session cookie; undefined when it was used, is too old, or never was. */
  readonly signIn: (token: string) => Promise<string | undefined>
  readonly roleOfSession: (cookie: string) => Role | undefined
}

export const createAccess = (options: AccessOptions): Access => {
  const { adminToken, roleOfHash, idOfHash, onUse, onceKey, spend, now } = options
  const signLink = (text: string): string =>
    createHmac('sha256', `link ${adminToken} ${onceKey}`).update(text).digest('base64url')
  const sign = (text: string): string => createHmac('sha256', `session ${adminToken}`).update(text).digest('base64url')

  return {
    roleOfToken: (token) => {
      if (same(token, adminToken)) return 'admin'
      const hash = hashOf(token)
      const role = roleOfHash(hash)
      if (role) onUse(hash)
      return role
    },
    nameOfToken: (token) => (same(token, adminToken) ? 'admin token' : `key ${idOfHash(hashOf(token)) ?? 'unknown'}`),
    newSignIn: () => {
      const link = `${randomBytes(16).toString('base64url')}.${now() + LINK_LIFE}`
      return `${link}.${signLink(link)}`
    },
    signIn: async (token) => {
      const [nonce, until, signature] = token.split('.')
      if (!nonce || !until || !signature || !same(signature, signLink(`${nonce}.${until}`))) return undefined
      if (Number(until) < now() || !(await spend(hashOf(token), Number(until)))) return undefined
      const session = `admin.${now() + SESSION_LIFE}`
      return `${session}.${sign(session)}`
    },
    roleOfSession: (cookie) => {
      const [role, until, signature] = cookie.split('.')
      if (role !== 'admin' || !until || !signature || !same(signature, sign(`${role}.${until}`))) return undefined
      return Number(until) > now() ? role : undefined
    },
  }
}

/** Compares in a time that tells nothing, whatever the lengths. */
const same = (a: string, b: string): boolean => timingSafeEqual(Buffer.from(hashOf(a)), Buffer.from(hashOf(b)))
