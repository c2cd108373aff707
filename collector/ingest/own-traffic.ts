/** What a site does not count: its own hosts and paths, and its own people. */
import type { Who } from './batch.ts'

/**
 * A host, a path, or both; `*` stands for anything: `localhost`, `staging.*`, `/admin*`, `www.acme.example/admin*`. Few
 * stars, so that no address takes long to match.
 */
export const IGNORE_PATTERN = /^(?!(?:[^*]*\*){4})(?=.*[^*/])(\[[0-9a-f:]+\]|[a-z0-9*.-]{0,253})(\/[^\s?#]{0,500})?$/

/** A company's domain, or a browser's id. */
export const STAFF_PATTERN = /^(@?[a-z0-9-]+(\.[a-z0-9-]+)+|[\w-]{16,64})$/i

const starred = (text: string): string =>
  text
    .split('*')
    .map((part) => part.replace(/[\\^$.|?+()[\]{}/]/g, '\\$&'))
    .join('.*')

const compile = (pattern: string): RegExp => {
  const slash = pattern.indexOf('/')
  const host = slash < 0 ? pattern : pattern.slice(0, slash)
  const path = slash < 0 ? undefined : pattern.slice(slash)
  return new RegExp(`^${host ? starred(host) : '[^/]*'}${path === undefined ? '(/.*)?' : starred(path)}$`, 's')
}

const compiled = new WeakMap<readonly string[], readonly RegExp[]>()

const patternsOf = (patterns: readonly string[]): readonly RegExp[] => {
  const known = compiled.get(patterns) ?? patterns.map(compile)
  compiled.set(patterns, known)
  return known
}

/** Whether an address is of those that are not to be counted. Ports do not matter. */
export const isIgnored = (address: string, patterns: readonly string[]): boolean => {
  const url = patterns.length > 0 ? URL.parse(address) : null
  return url !== null && patternsOf(patterns).some((pattern) => pattern.test(url.hostname + url.pathname))
}

/** Whether an e-mail address is of a domain among these, or of one below. */
const isOfDomain = (email: string, staff: readonly string[]): boolean => {
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase()
  return staff.some((each) => {
    const own = each.replace(/^@/, '').toLowerCase()
    return own.includes('.') && (domain === own || domain.endsWith(`.${own}`))
  })
}

const namesIn = ({ anonymous, user }: Who): readonly string[] => [anonymous, user].filter((name) => name !== undefined)

/** By whatever is known of the one who did it: the id of the browser, or an e-mail address. */
export const isStaff = (who: Who, emails: readonly (string | undefined)[], staff: readonly string[]): boolean =>
  namesIn(who).some((name) => staff.includes(name) || (name.includes('@') && isOfDomain(name, staff))) ||
  emails.some((email) => email !== undefined && isOfDomain(email, staff))
