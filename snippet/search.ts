/** On-site search: the query parameters that hold one, and what was searched for. */
import { options, words } from './options.ts'

export const searchNames = (): readonly string[] => words(options.searchParams ?? 'q,query,s,search')

/** What the address of this page says was searched for. */
export const searchedFor = (): string | null | undefined => {
  const params = new URLSearchParams(location.search)
  return searchNames()
    .map((name) => params.get(name))
    .find(Boolean)
}
