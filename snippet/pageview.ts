/** Whether the address of the page is that of its view still. The rest of a view's life is in visit.ts. */
import { options } from './options.ts'

/** The address of the last view. Where views come by command alone, any address is. */
export let seen: string | undefined
/** How long the history was then. */
export let depth: number

const address = (): string | undefined => (options.manual ? seen : location.href.split(options.hash ? ' ' : '#')[0])

/** Without the query. */
const placeOf = (address: string | undefined): string => address!.replace(/\?[^#]*/, '')

/** The view is of the address as it is now. */
export const markSeen = (): void => {
  seen = address()
  depth = history.length
}

/** The next look finds something new, whatever the address. */
export const markUnseen = (): void => {
  seen = ' '
}

export const isNew = (): boolean => address() !== seen

/** Whether at most the query is new. */
export const isSamePlace = (): boolean => placeOf(seen) === placeOf(address())
