/** What every page of the demo site shares: scripts, header, footer, and how the page is tagged. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { escapeHtml, tagging } from './tagging.ts'

/** The site whose visitors are scored: its public key, and the collector's origin where that is another one. */
export interface Site {
  readonly key: string
  readonly origin?: string
}

const part = (name: string): string => readFileSync(join(import.meta.dirname, 'frame', name), 'utf8')
const HEAD = part('head.html')
const HEADER = part('header.html')
const FOOTER = part('footer.html')

const scriptTag = ({ key, origin = '' }: Site): string =>
  `<script defer src="${escapeHtml(origin)}/leadlight.js" data-site="${escapeHtml(key)}"></script>`

/** Marks the section of the header in which the page stands. */
const header = (path: string): string =>
  HEADER.replace(/href="\/demo\/([a-z-]+)[a-z/-]*"/g, (link, section: string) =>
    path.split('/')[1] === section
      ? `${link} aria-current="${link === `href="/demo${path}"` ? 'page' : 'true'}"`
      : link,
  )

/** `page` as written in `demo/site`, made whole. */
export const frame = (page: string, path: string, site: Site): string => {
  const footer = FOOTER.replace('<!-- tagging -->', () => tagging(page))
  return page
    .replace(/<!-- rule: .* -->\n/, '')
    .replace('</head>', () => `${scriptTag(site)}\n${HEAD}</head>`)
    .replace(/<body[^>]*>/, (body) => `${body}\n${header(path)}`)
    .replace('</body>', () => `${footer}</body>`)
}
