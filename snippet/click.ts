/** Clicks that mean something: downloads, links to other sites, whatever is tagged. Never in the way of the click. */

import { path } from './listen.ts'
import { fileAddress, ownAddress } from './options.ts'
import { record } from './record.ts'
import { isTagged, tagOf } from './tag.ts'
import { clean } from './url.ts'

/** The href of an SVG link is an object. */
type Link = HTMLElement & { readonly href?: string & { readonly baseVal?: string } }

export const onClick = ({ button }: MouseEvent): void => {
  const link = path.find((element) => (element as Link).href || isTagged(element)) as Link
  // The right button opens a menu; what is chosen there nobody knows.
  if (!link || button > 1) return
  const address = link.href?.baseVal ?? link.href ?? ''
  const url = clean(address)
  const outbound = (url && !ownAddress.test(url)) || undefined
  const isFile = link.matches('[download],[href^=blob]') || fileAddress.test(address)
  if (isFile || outbound || isTagged(link)) {
    record({
      type: isFile ? 'download' : 'click',
      // Of a file made in the page there is but the page to tell.
      url: url ?? (isFile ? location.origin : undefined)!,
      outbound,
      ...tagOf(link),
    })
  }
}
