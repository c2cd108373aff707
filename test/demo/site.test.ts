/** Every page of the demo site: whole, tagged as it says it is, and leading only to what exists. */
import { Window } from 'happy-dom'
import { describe, expect, it } from 'vitest'
import { demoPage, demoPaths } from '../../demo/site.ts'

const SITE = { key: 'demo-key' }

const html = (path: string): string => String(demoPage(path, SITE).body)

/** Inert: nothing is run, nothing is fetched. */
const parse = (text: string) => new new Window().DOMParser().parseFromString(text, 'text/html')
const documentAt = (path: string) => parse(html(path))
type Page = ReturnType<typeof documentAt>
type Tagged = NonNullable<ReturnType<Page['querySelector']>>

const CARRIERS = 'meta[name="leadlight"], html, body, main, article'
const NAMES = ['data-funnel', 'data-signal', 'data-topic', 'data-identify', 'content']

const tagOf = (element: Tagged): string =>
  [element.localName, ...NAMES.map((name) => `${name}=${element.getAttribute(name)}`)].join(' ')

const isTagged = (element: Tagged): boolean =>
  ['data-funnel', 'data-signal', 'data-topic'].some((name) => element.hasAttribute(name)) ||
  element.getAttribute('name') === 'leadlight'

const pageTags = (page: Page): readonly string[] => [...page.querySelectorAll(CARRIERS)].filter(isTagged).map(tagOf)

const elementTags = (page: Page): readonly string[] =>
  [...page.querySelectorAll('main a, main form, main video')]
    .filter((element) => isTagged(element) || element.getAttribute('href')?.endsWith('.pdf'))
    .map(tagOf)

/** The lines of HTML that the disclosure shows, read back. */
const shownTags = (page: Page): readonly string[] =>
  [...page.querySelectorAll('#tagging pre code')].map(({ textContent }) => {
    const name = /^<(\w+)/.exec(textContent)![1]!
    const attributes = textContent.slice(1 + name.length)
    return tagOf(parse(`<svg><${name}x${attributes}</svg>`).querySelector('svg > *')!).replace(`${name}x`, name)
  })

describe.each(demoPaths.map((path) => [path]))('%s', (path) => {
  const page = documentAt(path)

  it('shows exactly the tags it has', () => {
    expect(shownTags(page)).toEqual([...pageTags(page), ...elementTags(page)])
  })

  it('carries its tag in one place', () => {
    expect(pageTags(page).length).toBeLessThanOrEqual(1)
  })

  it('says where its page stands when it is not tagged', () => {
    if (pageTags(page).length === 0) expect(page.querySelector('#tagging')!.textContent).toContain('carries no tag')
  })

  it('leads only to what exists', () => {
    const inside = [...page.querySelectorAll('[href], [src], [action], [poster]')]
      .flatMap((element) => ['href', 'src', 'action', 'poster'].map((name) => element.getAttribute(name)))
      .filter((address) => address?.startsWith('/demo'))
    expect(inside.length).toBeGreaterThan(10)
    for (const address of inside)
      expect([address, demoPage(address!.slice('/demo'.length), SITE).status]).toEqual([address, 200])
  })

  it('loads from its own host only, and nothing inline', () => {
    for (const element of page.querySelectorAll('[src], link[href], [poster], [action]'))
      for (const name of ['src', 'poster', 'action', ...(element.localName === 'link' ? ['href'] : [])])
        expect(element.getAttribute(name) ?? '/').toMatch(/^\/(?!\/)/)
    expect(html(path)).not.toMatch(/<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)/)
  })

  it('is a proper document', () => {
    expect(page.documentElement.getAttribute('lang')).toBe('en')
    expect(page.title).not.toBe('')
    expect(page.querySelector('meta[name="description"]')?.getAttribute('content')).toBeTruthy()
    expect(page.querySelectorAll('h1')).toHaveLength(1)
    expect(page.querySelectorAll('main#main')).toHaveLength(1)
    const ids = [...page.querySelectorAll('[id]')].map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const field of page.querySelectorAll('input, select, textarea'))
      expect(page.querySelector(`label[for="${field.id}"]`), field.id).toBeTruthy()
    for (const image of page.querySelectorAll('img')) expect(image.hasAttribute('alt')).toBe(true)
    for (const form of page.querySelectorAll('form:has([type="email"], [type="password"])'))
      expect(form.getAttribute('method'), 'what is typed must not end up in an address').toBe('post')
  })

  it('holds the snippet once, before anything else that runs', () => {
    const scripts = [...page.querySelectorAll('script')].map((script) => script.getAttribute('src'))
    expect(scripts.filter((source) => source === '/leadlight.js')).toHaveLength(1)
    expect(page.querySelector('script[data-site]')!.getAttribute('data-site')).toBe('demo-key')
  })
})

it('shows a tag as it stands in the page', () => {
  expect([...documentAt('/compare').querySelectorAll('#tagging code')].map(({ textContent }) => textContent)).toEqual([
    '<main id="main" data-funnel="mofu" data-signal="comparison" data-topic="backup">',
    'comparison',
  ])
})

describe('the page rules have something to recognise', () => {
  it.each(['/pricing', '/docs', '/careers', '/login', '/support', '/blog', '/blog/ransomware-weekend'])(
    '%s',
    (path) => {
      expect(pageTags(documentAt(path))).toEqual([])
      expect(documentAt(path).querySelector('#tagging')!.textContent).toContain('The page rule /')
    },
  )
})

describe('serving', () => {
  it.each([
    ['/../package.json'],
    ['/assets/../../site.ts'],
    ['/..%2f..%2fpackage.json'],
    ['/%2e%2e/site.ts'],
    ['/assets'],
    ['/frame/head.html'],
    ['/index.html'],
    ['/pricing.html'],
    ['//etc/passwd'],
    ['/__proto__'],
    ['/files/..\\..\\site.ts'],
    ['/not-found'],
    ['/pricing\0.html'],
  ])('refuses %j', (path) => {
    const { status, body } = demoPage(path, SITE)
    expect(status).toBe(404)
    expect(body).toContain('No copy of that page')
  })

  it.each([
    ['', 'text/html; charset=utf-8'],
    ['/', 'text/html; charset=utf-8'],
    ['/tour/', 'text/html; charset=utf-8'],
    ['/assets/panel.js', 'text/javascript; charset=utf-8'],
    ['/assets/site.css', 'text/css; charset=utf-8'],
    ['/files/buyers-guide.pdf', 'application/pdf'],
    ['/files/copy-lock-prove.webm', 'video/webm'],
    ['/search.json', 'application/json; charset=utf-8'],
  ])('answers %j as %s', (path, type) => {
    expect(demoPage(path, SITE)).toMatchObject({ status: 200, type })
  })

  it('escapes the key and the origin', () => {
    const page = parse(String(demoPage('/', { key: '"><b>$&', origin: 'https://c.example' }).body))
    const script = page.querySelector('script[data-site]')!
    expect(script.getAttribute('data-site')).toBe('"><b>$&')
    expect(script.getAttribute('src')).toBe('https://c.example/leadlight.js')
  })

  it('keeps its files small', () => {
    const size = (name: string): number => demoPage(`/files/${name}`, SITE).body.length
    expect(size('copy-lock-prove.webm')).toBeLessThan(150_000)
    for (const name of ['backup-checklist', 'buyers-guide', 'datasheet', 'price-list'])
      expect(size(`${name}.pdf`)).toBeLessThan(5_000)
  })
})

describe('on-site search', () => {
  const index = JSON.parse(String(demoPage('/search.json', SITE).body))

  it('knows every page that is meant to be found', () => {
    const urls = index.map(({ url }: { url: string }) => url)
    expect(urls).toContain('/demo/pricing')
    expect(urls).not.toContain('/demo/thanks')
    for (const url of urls) expect(demoPage(url.slice('/demo'.length), SITE).status).toBe(200)
  })

  it('holds plain text', () => {
    for (const page of index) {
      expect(page.title).not.toBe('')
      expect(`${page.title}${page.about}${page.text}`).not.toMatch(/<\w|&(amp|lt|gt);/)
    }
  })
})
