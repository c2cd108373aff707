/** Clicks that mean something: downloads, links to other sites, whatever is tagged. Never in the way of the click. */
import type { Click, Download } from './event.ts'
import { isBelow } from './identity.ts'
import { listen } from './listen.ts'
import { options, words } from './options.ts'
import { isTagged, pathOf, tagOf } from './tag.ts'
import { clean } from './url.ts'

const FILES =
  'pdf|docx?|xlsx?|pptx?|od[tsp]|rtf|txt|csv|epub|zip|rar|7z|t?gz|tar|dmg|pkg|exe|msi|deb|rpm|apk|iso|mp[34]|m4a|wav|avi|mov|mkv|webm'

/** The href of an SVG link is an object. */
type Link = HTMLElement & { readonly href?: { readonly baseVal?: string } }

export const onClick = (callback: (click: Click | Download) => void): void => {
  const isFile = new RegExp(`\\.(${[FILES, ...words(options.downloads)].join('|')})$`, 'i')
  const own = [location.hostname, ...words(options.domains)]

  listen<MouseEvent>('click auxclick', (event) => {
    const path = pathOf(event) as readonly Link[]
    const link = path.find((element) => element.href || (isTagged(element) && !element.matches('form,section,video')))
    // The right button opens a menu; what is chosen there nobody knows.
    if (!link || event.button > 1) return
    const { href, protocol, host, hostname, pathname } = new URL(
      `${link.href?.baseVal ?? link.href ?? ''}`,
      document.baseURI,
    )
    const outbound = (host && !isBelow(hostname, own)) || undefined
    if (link.matches('[download]') || isFile.test(pathname) || protocol === 'blob:') {
      callback({ type: 'download', url: clean(href) || location.origin, ...tagOf(link, path) })
    } else if (outbound || isTagged(link)) callback({ type: 'click', url: clean(href), outbound, ...tagOf(link, path) })
  })
}
