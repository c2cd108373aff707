/** Clicks that mean something: downloads, links to other sites, whatever is tagged. Never in the way of the click. */
import type { Click, Download } from './event.ts'
import { listen } from './listen.ts'
import { hostsOf, options, words } from './options.ts'
import { isTagged, tagOf } from './tag.ts'
import { clean } from './url.ts'

const FILES =
  'pdf|docx?|xlsx?|pptx?|od.|csv|txt|rtf|epub|zip|rar|7z|gz|tgz|dmg|pkg|exe|msi|deb|rpm|apk|iso|mp[34]|wav|mov|avi'

/** The href of an SVG link is an object. */
type Link = HTMLElement & { readonly href?: { readonly baseVal?: string } }

export const onClick = (callback: (click: Click | Download) => void): void => {
  const isFile = new RegExp(`\\.(${[FILES, ...words(options.downloads)].join('|')})$`, 'i')
  const isOwn = hostsOf([location.hostname, ...words(options.domains)])

  listen<MouseEvent>('click auxclick', (event, path) => {
    const link = path.find(
      (element) => (element as Link).href || (isTagged(element) && !element.matches('form,section,video')),
    ) as Link
    // The right button opens a menu; what is chosen there nobody knows.
    if (!link || event.button > 1) return
    const url = new URL(`${link.href?.baseVal ?? link.href ?? ''}`, document.baseURI)
    const outbound = (url.host && !isOwn.test(url.hostname)) || undefined
    const told = { url: clean(url.href) || location.origin, ...tagOf(link, path) }
    if (link.matches('[download]') || isFile.test(url.pathname) || url.protocol === 'blob:')
      callback({ type: 'download', ...told })
    else if (outbound || isTagged(link)) callback({ type: 'click', outbound, ...told })
  })
}
