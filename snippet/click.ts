/** Clicks that mean something: downloads, links to other sites, whatever is tagged. Never in the way of the click. */
import type { Click, Download } from './event.ts'
import { listen } from './listen.ts'
import { endingIn, hostsOf, options } from './options.ts'
import { isTagged, tagOf } from './tag.ts'
import { clean } from './url.ts'

/** The href of an SVG link is an object. */
type Link = HTMLElement & { readonly href?: { readonly baseVal?: string } }

export const onClick = (callback: (click: Click | Download) => void): void => {
  const FILES =
    'pdf|docx?|xlsx?|pptx?|od.|csv|txt|rtf|epub|zip|rar|7z|gz|tgz|dmg|pkg|exe|msi|deb|rpm|apk|mp[34]|wav|mov'
  const isFile = endingIn('\\.', [FILES, options.downloads as string])
  const isOwn = hostsOf([location.hostname, options.domains as string])

  listen<MouseEvent>('click auxclick', (event, path) => {
    const link = path.find(
      (element) => (element as Link).href || (isTagged(element) && !element.matches('form,section,video')),
    ) as Link
    // The right button opens a menu; what is chosen there nobody knows.
    if (!link || event.button > 1) return
    const address = `${link.href?.baseVal ?? link.href ?? ''}`
    const { host, hostname, pathname, protocol } = new URL(address, document.baseURI)
    const outbound = (host && !isOwn.test(hostname)) || undefined
    const told = { url: clean(address), outbound, ...tagOf(link, path) }
    if (link.matches('[download]') || isFile.test(pathname) || protocol === 'blob:') {
      // Of a file made in the page there is but the page to tell.
      callback({ type: 'download', ...told, url: told.url || location.origin })
    } else if (outbound || isTagged(link)) callback({ type: 'click', ...told })
  })
}
