/** The demo site: every page and file under `demo/site`, read once at start; a new file there is a new page. */
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { frame, type Site } from './frame.ts'
import { searchIndex } from './search-index.ts'

export interface DemoAnswer {
  readonly status: number
  readonly type: string
  readonly body: string | Uint8Array<ArrayBuffer>
}

const ROOT = join(import.meta.dirname, 'site')

const TYPES: { readonly [extension: string]: string } = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.pdf': 'application/pdf',
  '.webm': 'video/webm',
}

const files = readdirSync(ROOT, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && extname(entry.name) in TYPES)
  .map((entry) => join(entry.parentPath, entry.name))

const address = (file: string): string => `/${relative(ROOT, file).split(sep).join('/')}`

/** `/pricing` for pricing.html, `/` for index.html. */
const cleanAddress = (file: string): string => address(file).replace(/(^\/index)?\.html$/, '') || '/'

/** The pages as written, without header and footer, by address. */
const pages: ReadonlyMap<string, string> = new Map(
  files.filter((file) => file.endsWith('.html')).map((file) => [cleanAddress(file), readFileSync(file, 'utf8')]),
)

const assets: ReadonlyMap<string, DemoAnswer> = new Map([
  ...files
    .filter((file) => !file.endsWith('.html'))
    .map((file): [string, DemoAnswer] => [
      address(file),
      { status: 200, type: TYPES[extname(file)]!, body: new Uint8Array(readFileSync(file)) },
    ]),
  ['/search.json', { status: 200, type: TYPES['.json']!, body: JSON.stringify(searchIndex(pages)) }],
])

/** The address of every page there is, `/not-found` aside. */
export const demoPaths: readonly string[] = [...pages.keys()].filter((path) => path !== '/not-found').sort()

/** What to answer for `path`, the part of the address after `/demo`; the not-found page for an unknown one. */
export const demoPage = (path: string, site: Site): DemoAnswer => {
  const asset = assets.get(path)
  if (asset) return asset
  const clean = path.replace(/\/$/, '') || '/'
  const found = pages.get(clean)
  const html = frame(found ?? pages.get('/not-found')!, clean, site)
  return { status: found && clean !== '/not-found' ? 200 : 404, type: TYPES['.html']!, body: html }
}
