/** What the foot of a page says of its tags is what the default model makes of them. */
import { Window } from 'happy-dom'
import { describe, expect, it } from 'vitest'
import { demoPage, demoPaths } from '../../demo/site.ts'
import { DEFAULT_MODEL } from '../../shared/default-model.ts'
import type { Funnel } from '../../shared/event.ts'
import { target } from '../../shared/model.ts'
import { createReader } from '../../shared/signal.ts'

const { page: meaningOf, action } = createReader(DEFAULT_MODEL)
const ORIGIN = 'http://localhost:8787'
const base = { id: 'e', at: 0, source: 'browser', view: 'v' } as const

const documentAt = (path: string) =>
  new new Window().DOMParser().parseFromString(String(demoPage(path, { key: 'k' }).body), 'text/html')
type Page = ReturnType<typeof documentAt>
type Tagged = NonNullable<ReturnType<Page['querySelector']>>

const tagOf = (element: Tagged | null) => {
  const [funnel, signal] = element?.getAttribute('content')?.split(' ') ?? [
    element?.getAttribute('data-funnel') ?? undefined,
    element?.getAttribute('data-signal') ?? undefined,
  ]
  return { ...(funnel && { funnel: funnel as Funnel }), ...(signal && { signal }) }
}

const pageElement = (page: Page) =>
  ['meta[name="leadlight"]', 'main', 'article', 'body', 'html']
    .map((selector) => page.querySelector(selector))
    .find((element) => element && Object.keys(tagOf(element)).length > 0) ?? null

/** The signals named in prose, not those within the lines of HTML. */
const named = (element: Tagged): readonly string[] =>
  [...element.querySelectorAll('p code')].map(({ textContent }) => textContent).filter((text) => !text.startsWith('/'))

const canonical = (signals: readonly string[]) => signals.map((signal) => target(DEFAULT_MODEL, signal))

const fired = (element: Tagged, onPage: string | undefined) => {
  const url = new URL(element.getAttribute('href') ?? '/', ORIGIN)
  const tag = tagOf(element)
  if (element.localName === 'form') return action({ ...base, type: 'form', form: 'f', step: 'submit', ...tag }, onPage)
  if (element.localName === 'video') return action({ ...base, type: 'media', name: 'v', percent: 95, ...tag }, onPage)
  if (url.pathname.startsWith('/demo/files/'))
    return action({ ...base, type: 'download', url: url.href, ...tag }, onPage)
  return action({ ...base, type: 'click', url: url.href, outbound: url.origin !== ORIGIN, ...tag }, onPage)
}

describe.each(demoPaths.map((path) => [path]))('%s', (path) => {
  const page = documentAt(path)
  const { content } = meaningOf({ ...base, type: 'page', url: `${ORIGIN}/demo${path}`, ...tagOf(pageElement(page)) })

  it('means what it says', () => {
    const said = page.querySelector('#tagging > ul li, #tagging > p')!
    const holder = page.createElement('div')
    holder.append(said.cloneNode(true))
    expect(canonical(named(holder))).toEqual(content ? [content.signal] : [])
  })

  it('is recognised by the rule it names', () => {
    const rule = page.querySelector('#tagging > p code')?.textContent
    if (pageElement(page) === null && rule) expect(content?.rule).toBe(`page rule ${rule}`)
  })

  const elements = [...page.querySelectorAll('main a, main form, main video')].filter(
    (element) => Object.keys(tagOf(element)).length > 0 || element.getAttribute('href')?.endsWith('.pdf'),
  )
  const lines = [...page.querySelectorAll('#tagging li')].slice(pageElement(page) ? 1 : 0)

  it('says of its links, forms and films what they mean', () => {
    expect(lines.map((line) => canonical(named(line)))).toEqual(
      elements.map((element) =>
        fired(element, content?.signal)
          .map(({ signal }) => signal)
          .filter((signal) => DEFAULT_MODEL.signals[signal]?.points !== 0),
      ),
    )
  })
})
