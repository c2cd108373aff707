/** Finds what an untagged page means by its address: the first rule whose segments occur in the path. */
import { fold } from './lexicon.ts'
import type { PageRule } from './model.ts'

/** Addresses remembered, so that a busy page is matched once. */
const REMEMBERED = 5000

/**
 * Compiles rules into a look-up by URL (or bare path). Case, accents, locale prefixes (`/de/pricing`), file endings
 * (`/pricing.html`) and a trailing slash do not matter. A rule that ends in `$` matches only at the end of a path.
 */
export const createPageRules = (rules: readonly PageRule[]): ((url: string) => PageRule | undefined) => {
  const compiled = rules.map((rule) => ({ rule, pattern: patternOf(rule.path) }))
  const known = new Map<string, PageRule | null>()
  return (url) => {
    const end = url.search(/[?#]/)
    const address = end < 0 ? url : url.slice(0, end)
    const found = known.get(address)
    if (found !== undefined) return found ?? undefined
    if (known.size >= REMEMBERED) known.clear()
    const path = pathOf(address)
    const match = compiled.find(({ pattern }) => pattern.test(path))?.rule
    known.set(address, match ?? null)
    return match
  }
}

/** The path of an address: folded, without ending or trailing slash. */
export const pathOf = (url: string): string => {
  const path = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '')
  return fold(decoded(path))
    .replace(/\.[a-z]{2,5}$/, '')
    .replace(/\/+/g, '/')
    .replace(/\/$/, '')
}

const decoded = (path: string): string => {
  if (!path.includes('%')) return path
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

const patternOf = (path: string): RegExp => {
  const atEnd = path.endsWith('$')
  const literal = fold(atEnd ? path.slice(0, -1) : path)
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('[^/]*')
  return new RegExp(`${literal}${atEnd ? '$' : '(?=/|$)'}`)
}
