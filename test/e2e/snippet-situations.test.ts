/** Fourteen situations with the truth known, in real browsers; what happened is read from the log of a server. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBare, type Tab, wander } from '../snippet/bare.ts'
import { CHROMIUM, sleep, until } from '../snippet/browser.ts'
import { FIREFOX, launchFirefox } from '../snippet/firefox.ts'
import { createRecorder, type Recorder, type Seen } from '../snippet/recorder.ts'

/** What is asked of a browser here. */
interface Browser {
  open(url: string): Promise<
    Pick<Tab, 'evaluate' | 'click' | 'type' | 'crash'> & {
      stir(x: number): Promise<unknown>
      /** What is returned shows it again. */
      hide(): Promise<() => Promise<unknown>>
      close(): Promise<unknown>
    }
  >
  stop(): Promise<void>
}

let bare: Browser
const recorders: Recorder[] = []
const recorder = async (): Promise<Recorder> => {
  const made = await createRecorder()
  recorders.push(made)
  return made
}
const pagesOf = (log: Recorder) =>
  log
    .events('page')
    .map(({ url }) => new URL(url as string).pathname)
    .filter((path) => path !== '/again')
/** The engaged seconds of a view: the most that was told. */
const secondsOf = (log: Recorder, view: Seen | undefined): number =>
  Math.max(
    0,
    ...log
      .events('engagement')
      .filter((event) => event.view === view?.view)
      .map((event) => event.seconds as number),
  )
const scrollOf = (log: Recorder, view: Seen | undefined): number =>
  Math.max(
    0,
    ...log
      .events('engagement')
      .filter((event) => event.view === view?.view)
      .map((event) => event.scroll as number),
  )
/** Within 3 % or 300 ms. */
const near = (seconds: number, truth: number) => {
  const error = Math.abs(seconds - truth)
  expect(error, `${seconds} s told, ${truth} s true`).toBeLessThanOrEqual(Math.max(0.3, truth * 0.03))
}
const at = (event: Seen | undefined) => event!.at as number
const settle = () => sleep(700)

interface Kind {
  readonly name: string
  readonly launch: () => Promise<Browser>
  readonly isChromium: boolean
}
const BROWSERS: readonly Kind[] = [
  ...(CHROMIUM ? [{ name: 'Chromium', launch: launchBare, isChromium: true }] : []),
  ...(FIREFOX ? [{ name: 'Firefox', launch: launchFirefox, isChromium: false }] : []),
]
if (!CHROMIUM) it.skip('SKIPPED: no Chromium')
if (!FIREFOX) it.skip('SKIPPED: no Firefox. Name one by the environment variable FIREFOX.')

describe.each(BROWSERS)('fourteen situations in $name', { timeout: 90_000 }, ({ launch, isChromium }) => {
  /** Of several windows Firefox gives the focus to one. */
  const situation = isChromium ? it.concurrent : it
  /** Firefox loses about one last report in twenty while it closes a tab: the next visit brings it. */
  const close = async (tab: Awaited<ReturnType<Browser['open']>>, log: Recorder): Promise<number> => {
    await tab.close()
    const closed = Date.now()
    await settle()
    if (isChromium) return closed
    log.page('/again', 'again')
    const views = log.events('page').length
    await bare.open(`${log.origin}/again`)
    await until(() => log.events('page').length > views)
    await settle()
    return closed
  }

  beforeAll(async () => {
    bare = await launch()
  }, 60_000)
  afterAll(async () => {
    await bare?.stop()
    await Promise.all(recorders.splice(0).map((log) => log.stop()))
  })

  situation('1: six seconds, then a link', async () => {
    const log = await recorder()
    log.page('/a', '<a id="next" href="/b">b</a>')
    log.page('/b', 'b')
    const tab = await bare.open(`${log.origin}/a`)
    await sleep(6000)
    await tab.click('#next')
    const left = Date.now()
    await until(() => log.events('page').length === 2)
    await settle()
    const [a] = log.events('page')
    near(secondsOf(log, a), (left - at(a)) / 1000)
    expect(pagesOf(log)).toEqual(['/a', '/b'])
    expect(log.strays).toEqual([])
    expect(new Set(log.posts.map(({ contentType }) => contentType))).toEqual(new Set(['text/plain;charset=UTF-8']))
  })

  situation('2: seen, hidden, seen again, closed', async () => {
    const log = await recorder()
    log.page('/a', 'a')
    const tab = await bare.open(`${log.origin}/a`)
    await sleep(4000)
    const show = await tab.hide()
    const hidden = Date.now()
    await sleep(4000)
    await show()
    const shown = Date.now()
    await sleep(4000)
    const closed = await close(tab, log)
    const [a] = log.events('page')
    near(secondsOf(log, a), (hidden - at(a) + closed - shown) / 1000)
    expect(pagesOf(log)).toEqual(['/a'])
  })

  situation('3: three seconds active, then nothing for longer than the limit', async () => {
    const log = await recorder()
    log.page('/a', 'a')
    const tab = await bare.open(`${log.origin}/a`)
    for (let i = 0; i < 6; i++) {
      await sleep(500)
      await tab.stir(i * 10)
    }
    const last = Date.now()
    await sleep(process.env.GATES === 'full' ? 60_000 : 36_000)
    await close(tab, log)
    const [a] = log.events('page')
    near(secondsOf(log, a), (last - at(a)) / 1000 + 30)
  })

  situation('4: three views within one page, each with its own time', async () => {
    const log = await recorder()
    log.page('/a', '<p style="height:3000px">a</p>')
    const tab = await bare.open(`${log.origin}/a`)
    await tab.evaluate('scrollTo(0, 1e6)')
    await sleep(3000)
    await tab.evaluate(`history.pushState({}, '', '/b'); document.title = 'B'`)
    await sleep(3000)
    // Noise: the same address again, the query tidied, an effect that runs twice.
    await tab.evaluate(
      `history.replaceState({}, '', '/b'); history.replaceState({}, '', '/b?tab=1'); history.pushState({}, '', '/b?tab=1')`,
    )
    await sleep(500)
    await tab.evaluate('history.go(-2)')
    await sleep(3000)
    const closed = await close(tab, log)
    const [a, b, back] = log.events('page')
    expect(pagesOf(log)).toEqual(['/a', '/b', '/a'])
    expect(b!.title).toBe('B')
    expect(scrollOf(log, a)).toBe(100)
    near(secondsOf(log, a) + secondsOf(log, back), (at(b) - at(a) + closed - at(back)) / 1000)
    near(secondsOf(log, b), (at(back) - at(b)) / 1000)
  })

  situation('5: a return from the back/forward cache is a view', async ({ skip }) => {
    const log = await recorder()
    log.page(
      '/a',
      `<a id="next" href="/b">b</a><script>addEventListener('pageshow', (e) => { window.kept = e.persisted })</script>`,
    )
    log.page('/b', 'b')
    const tab = await bare.open(`${log.origin}/a`)
    await sleep(500)
    await tab.click('#next')
    await until(() => log.events('page').length === 2)
    await tab.evaluate('history.back()').catch(() => {})
    await until(() => log.events('page').length === 3)
    if (!(await tab.evaluate('window.kept')))
      return skip('SKIPPED: this Chromium keeps no page in the back/forward cache')
    expect(pagesOf(log)).toEqual(['/a', '/b', '/a'])
    expect(new Set(log.events('page').map(({ view }) => view)).size).toBe(3)
  })

  situation('6: a form that navigates is seen, and nothing of what was typed', async () => {
    const log = await recorder()
    log.page(
      '/a',
      `<form name="order" action="/b"><input name="mail" type="email"><input name="pw" type="password"><input name="cc" autocomplete="cc-number">
       <input name="token" type="hidden" value="sentinel-hidden"><textarea name="note"></textarea><input name="who" autocomplete="name"><button>go</button></form>`,
    )
    log.page('/b', 'b')
    const tab = await bare.open(`${log.origin}/a`)
    await tab.type('[name=mail]', 'sentinel-mail@example.com')
    for (const name of ['pw', 'cc', 'note', 'who']) await tab.type(`[name=${name}]`, `sentinel-${name}`)
    await tab.click('button')
    await until(() => log.events('page').length === 2)
    await settle()
    const steps = log.events('form').map(({ form, step, filled, purpose }) => [form, step, filled, purpose])
    expect(steps).toEqual([
      ['order', 'start', 1, 'login'],
      ['order', 'submit', 5, 'login'],
    ])
    expect(log.posts.map(({ text }) => text).join()).not.toContain('sentinel')
  })

  situation('7: a form submitted by script, by a button and right after typing', async () => {
    const log = await recorder()
    log.page(
      '/a',
      `<form name="one" action="/b"><input name="x"><button type="button" onclick="this.form.submit()">go</button></form>`,
    )
    log.page('/b', `<form name="two" action="/c"><input name="x"></form>`)
    log.page('/c', 'c')
    const tab = await bare.open(`${log.origin}/a`)
    await tab.type('[name=x]', 'v')
    await tab.click('button')
    await until(() => pagesOf(log).includes('/b'))
    await sleep(300)
    await tab.type('[name=x]', 'v')
    await tab.evaluate('document.forms[0].submit()').catch(() => {})
    await until(() => pagesOf(log).includes('/c'))
    await settle()
    expect(log.events('form').map(({ form, step }) => `${form} ${step}`)).toEqual([
      'one start',
      'one submit',
      'two start',
      'two submit',
    ])
  })

  situation('8: downloads of every kind, and nothing that is none', async () => {
    const log = await recorder()
    log.page(
      '/a',
      `<a id="plain" href="/f/1.pdf">1</a> <a id="upper" href="/f/2.PDF">2</a> <a id="query" href="/f/3.pdf?v=2#x">3</a>
       <a id="named" href="/f/four" download>4</a> <a id="drawn" href="/f/5.pdf"><svg width="20" height="20"><rect width="20" height="20"/></svg></a>
       <x-box></x-box> <a id="middle" href="/f/7.pdf">7</a> <a id="ctrl" href="/f/8.pdf">8</a> <a id="blob" download="b.txt">9</a>
       <a id="menu" href="/f/no.pdf">no</a> <a id="page" href="#pdf">no</a> <svg width="20" height="20"><a id="svg" href="/f/10.zip"><rect width="20" height="20"/></a></svg>
       <script>
         document.querySelector('x-box').attachShadow({ mode: 'open' }).innerHTML = '<a id="deep" href="/f/6.pdf">6</a>'
         document.querySelector('#blob').href = URL.createObjectURL(new Blob(['x']))
         addEventListener('click', (e) => e.preventDefault())
         addEventListener('auxclick', (e) => e.preventDefault())
       </script>`,
    )
    const tab = await bare.open(`${log.origin}/a`)
    for (const id of ['plain', 'upper', 'query', 'named', 'drawn']) await tab.click(`#${id}`)
    await tab.click(`(document.querySelector('x-box').shadowRoot.querySelector('a'))`)
    await tab.click('#middle', { button: 'middle' })
    await tab.click('#ctrl', { modifiers: 2 })
    await tab.click('#blob')
    await tab.click('#svg')
    await tab.click('#menu', { button: 'right' })
    await tab.click('#page')
    await until(() => log.events('download').length === 10)
    await settle()
    expect(log.events('download').map(({ url }) => new URL(url as string).pathname)).toEqual([
      ...[
        '/f/1.pdf',
        '/f/2.PDF',
        '/f/3.pdf',
        '/f/four',
        '/f/5.pdf',
        '/f/6.pdf',
        '/f/7.pdf',
        '/f/8.pdf',
        '/',
        '/f/10.zip',
      ],
    ])
  })

  situation('9: a link to another site', async () => {
    const log = await recorder()
    const other = await recorder()
    other.page('/x', 'x', { tag: '' })
    log.page(
      '/a',
      `<a id="out" href="${other.origin.replace('localhost', '127.0.0.1')}/x?token=1&utm_source=us">out</a>`,
    )
    const tab = await bare.open(`${log.origin}/a`)
    await sleep(300)
    await tab.click('#out')
    await until(() => log.events('click').length)
    expect(log.events('click')[0]).toMatchObject({
      outbound: true,
      url: `${other.origin.replace('localhost', '127.0.0.1')}/x?utm_source=us`,
    })
  })

  const CRASHES = [
    // After 12 s nothing was reported in passing yet: what arrives is what the browser held.
    ['10: the tab crashes after seventeen seconds', 17, '', 2],
    ['10: the tab crashes after twelve seconds', 12, '', 2],
    [
      '10: the tab crashes after 27 seconds, where the browser holds nothing',
      27,
      '<script>delete window.fetchLater</script>',
      15,
    ],
  ] as const
  situation.each(isChromium ? CRASHES : CRASHES.slice(2))('%s', async (_name, seconds, head, most) => {
    const log = await recorder()
    log.page('/a', 'a', { head })
    const tab = await bare.open(`${log.origin}/a`)
    await sleep(seconds * 1000)
    tab.crash()
    const crashed = Date.now()
    await sleep(3000)
    const [a] = log.events('page')
    const lost = (crashed - at(a)) / 1000 - secondsOf(log, a)
    expect(lost).toBeLessThanOrEqual(most)
    expect(lost).toBeGreaterThan(-0.5)
  })

  situation('11: a collector that is down at load gets the view later, once', async () => {
    const log = await recorder()
    log.page('/a', 'a')
    const up = Date.now() + 4000
    log.fate(() => (Date.now() < up ? { status: 0 } : {}))
    const tab = await bare.open(`${log.origin}/a`)
    await until(() => log.events('page').length, 12_000)
    await settle()
    expect(log.taken.flatMap(({ body }) => body.events).filter(({ type }) => type === 'page')).toHaveLength(1)
    await tab.close()
  })

  // No other browser prerenders.
  if (isChromium)
    situation('12: a prerendered page counts when it is shown, not before', async ({ skip }) => {
      const log = await recorder()
      const rules = `<script type="speculationrules">{"prerender":[{"urls":["/b","/c"],"eagerness":"immediate"}]}</script>`
      // Prerendering is off while DevTools watch, so that the page itself goes on.
      const go = `<script>setTimeout(() => { fetch('/going-' + Date.now()); location.href = '/b' }, 4000)</script>`
      log.page('/a', `a${go}`, { head: rules })
      const tell = `<script>fetch('/was-' + document.prerendering)</script>`
      log.page('/b', `b${tell}`)
      log.page('/c', `c${tell}`)
      const end = await wander(`${log.origin}/a`)
      try {
        const going = await until(() => log.asked.find((path) => path.startsWith('/going-')), 20_000)
        if (!log.asked.includes('/was-true')) return skip('SKIPPED: this Chromium does not prerender')
        expect(log.asked.filter((path) => path === '/was-true')).toHaveLength(2)
        await until(() => pagesOf(log).includes('/b'))
        const early = log.events('page').filter((event) => at(event) < Number(going.slice('/going-'.length)))
        expect(early.map(({ url }) => new URL(url as string).pathname)).toEqual(['/a'])
        await settle()
        expect(pagesOf(log)).toEqual(['/a', '/b'])
      } finally {
        await end()
      }
    })

  situation('13: storage and cookies that throw when touched', async () => {
    const log = await recorder()
    const deny = `<script>window.errors = []; addEventListener('error', (e) => errors.push(e.message)); addEventListener('unhandledrejection', (e) => errors.push(String(e.reason)))
      const no = { get() { throw new DOMException('denied', 'SecurityError') }, set() { throw new DOMException('denied', 'SecurityError') } }
      for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, no)
      Object.defineProperty(Document.prototype, 'cookie', no)</script>`
    log.page('/a', '<a id="d" href="/f.pdf" download>d</a>', { head: deny })
    const tab = await bare.open(`${log.origin}/a`)
    await tab.click('#d')
    await until(() => log.events('download').length)
    expect(pagesOf(log)).toEqual(['/a'])
    expect(await tab.evaluate('errors')).toEqual([])
  })

  situation('14: a link is not held up by a collector that takes four seconds', async () => {
    const log = await recorder()
    log.page('/a', `<a id="next" href="/b" data-signal="x">b</a>`)
    log.page('/b', 'b')
    log.fate(() => ({ wait: 4000 }))
    const tab = await bare.open(`${log.origin}/a`)
    await sleep(1000)
    const clicked = Date.now()
    await tab.click('#next')
    await until(() => log.posts.some(({ text }) => text.includes('/b"')))
    expect(Date.now() - clicked).toBeLessThan(1000)
    await until(() => pagesOf(log).includes('/b') && log.events('click').length, 8000)
    expect(log.events('click')).toHaveLength(1)
  })
})
