/** The address bar as a signal: which view, which filters. Routes live in the hash, so `/` is all that need be served. */
import { signal } from '@preact/signals'

export interface Place {
  readonly path: string
  readonly query: URLSearchParams
}

export const parsePlace = (hash: string): Place => {
  const address = hash.replace(/^#/, '')
  const mark = address.indexOf('?')
  const path = mark < 0 ? address : address.slice(0, mark)
  return { path: path || '/', query: new URLSearchParams(mark < 0 ? '' : address.slice(mark)) }
}

export const place = signal<Place>(parsePlace(globalThis.location?.hash ?? ''))

export const startRouter = (): void => {
  window.addEventListener('hashchange', () => {
    place.value = parsePlace(location.hash)
  })
}

/** The address of a view. Empty values leave no trace in it. */
export const href = (path: string, query: Iterable<readonly [string, string]> = []): string => {
  const kept = new URLSearchParams([...query].filter(([, value]) => value !== '').map(([key, value]) => [key, value]))
  return kept.size ? `#${path}?${kept}` : `#${path}`
}

export const visitorHref = (id: string): string => href(`/visitors/${encodeURIComponent(id)}`)

/** Goes there without a new entry in the browser's history. */
export const replacePlace = (address: string): void => {
  history.replaceState(history.state, '', address)
  place.value = parsePlace(address)
}

/** What `:name` stands for in the path; undefined where the path is another one. */
export const matchPath = (pattern: string, path: string): Readonly<Record<string, string>> | undefined => {
  const wanted = pattern.split('/')
  const given = path.split('/')
  if (wanted.length !== given.length) return undefined
  const found: Record<string, string> = {}
  for (const [i, part] of wanted.entries()) {
    if (!part.startsWith(':')) {
      if (part !== given[i]) return undefined
      continue
    }
    try {
      found[part.slice(1)] = decodeURIComponent(given[i]!)
    } catch {
      return undefined // a stray % that no link of ours has
    }
  }
  return found
}
