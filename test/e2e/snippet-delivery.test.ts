/** What happened arrives, once, whatever the line and the collector do: with a real browser and the snippet as served. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Bare, launchBare, type Tab } from '../snippet/bare.ts'
import { CHROMIUM, sleep, until } from '../snippet/browser.ts'
import { createRecorder, type Recorder } from '../snippet/recorder.ts'

const IS_FULL = process.env.GATES === 'full'

describe.skipIf(!CHROMIUM)('delivery', { timeout: IS_FULL ? 900_000 : 90_000 }, () => {
  let bare: Bare
  let log: Recorder
  let tab: Tab

  beforeAll(async () => {
    bare = await launchBare()
    log = await createRecorder()
    log.page('/', '<p>start</p>')
    log.page('/bare', '<p>no snippet</p>', { tag: '' })
    tab = await bare.open(`${log.origin}/bare`)
    await tab.send('Network.enable')
  }, 60_000)
  afterEach(async () => {
    await online()
    await tab.go(`${log.origin}/bare`)
    await tab.evaluate('localStorage.clear()')
    await sleep(100)
    log.reset()
  })
  afterAll(async () => {
    await bare?.stop()
    await log?.stop()
  })

  const line = (offline: boolean) =>
    tab.send('Network.emulateNetworkConditions', { offline, latency: 0, downloadThroughput: -1, uploadThroughput: -1 })
  const offline = () => line(true)
  const online = () => line(false)
  const track = (count: number, from = 0) =>
    tab.evaluate(`for (let i = 0; i < ${count}; i++) leadlight('track', 'n' + (${from} + i), { text: 'x'.repeat(60) })`)
  const tracked = () => log.events('track').map(({ name }) => name as string)
  const numbers = (count: number) => Array.from({ length: count }, (_, i) => `n${i}`)
  const stored = () =>
    tab.evaluate(
      `Object.keys(localStorage).filter((key) => key.startsWith('leadlight.queue')).map((key) => localStorage[key]).join()`,
    )

  it('takes every event to a collector that loses half of what is said, on the way there and on the way back', async () => {
    const count = IS_FULL ? 10_000 : 1000
    await tab.go(`${log.origin}/`)
    let faults = 0
    // A fate that is written down: half fail, by turns before and after they are taken, and by refusal.
    log.fate(() => {
      const turn = log.posts.length % 6
      if (turn % 2) return {}
      faults++
      return turn === 0
        ? { status: 0 }
        : turn === 2
          ? { status: 503 }
          : { status: 429, headers: { 'retry-after': '1' } }
    })
    for (let i = 0; i < count; i += 100) await track(100, i)
    await until(() => tracked().length === count, IS_FULL ? 600_000 : 60_000)
    expect(tracked().sort()).toEqual(numbers(count).sort())
    expect(faults).toBeGreaterThan(3)
    await until(async () => (await stored()) === '')
    for (const { text } of log.posts) expect(Buffer.byteLength(text)).toBeLessThan(65_536)
  })

  it('keeps what was taken but not answered, and says it again under the same id', async () => {
    log.fate(() => ({ status: log.posts.length === 1 ? 0 : 200 }))
    await tab.go(`${log.origin}/`)
    await until(() => log.taken.length)
    const [first, second] = log.posts
    expect(second!.body.events[0]!.id).toBe(first!.body.events[0]!.id)
  })

  it('lets go of what is refused for good', async () => {
    log.fate(() => ({ status: 400 }))
    await tab.go(`${log.origin}/`)
    await until(() => log.posts.length)
    await until(async () => (await stored()) === '')
    await sleep(2500)
    expect(log.posts).toHaveLength(1)
  })

  it('waits as long as it is told', async () => {
    log.fate(() => (log.posts.length === 1 ? { status: 503, headers: { 'retry-after': '3' } } : {}))
    await tab.go(`${log.origin}/`)
    await until(() => log.posts.length === 1)
    await track(1)
    await until(() => log.taken.length, 8000)
    expect(log.posts[1]!.at - log.posts[0]!.at).toBeGreaterThanOrEqual(2900)
    expect(tracked()).toEqual(['n0'])
  })

  it('tells of a visit that ends as it begins, on a slow line', async () => {
    log.page('/bounce', `<script>addEventListener('DOMContentLoaded', () => location.replace('/bare'))</script>`)
    log.fate(() => ({ wait: 500 }))
    const times = (path: string) => log.asked.filter((asked) => asked === path).length
    for (let i = 1; i <= 10; i++) {
      const bares = times('/bare')
      await tab.evaluate(`location.href = '/bounce?utm_id=${i}'`)
      await until(() => times('/bounce') === i && times('/bare') > bares)
    }
    await sleep(1000)
    expect(new Set(log.events('page').map(({ url }) => url)).size).toBe(10)
  })

  it('tells of clicks that lead away: at once nearly always, and always in the end', async () => {
    const count = IS_FULL ? 500 : 50
    for (let i = 0; i <= count; i++) log.page(`/n${i}`, `<a id="next" data-signal="s${i}" href="/n${i + 1}">next</a>`)
    await tab.go(`${log.origin}/n0`)
    for (let i = 0; i < count; i++) {
      await tab.evaluate(`document.querySelector('#next').click()`).catch(() => {})
      await until(
        async () =>
          await tab
            .evaluate(`location.pathname === '/n${i + 1}' && !!document.querySelector('#next') && !!window.leadlight`)
            .catch(() => false),
      )
    }
    await sleep(300)
    const first = new Map(
      log.taken
        .flatMap(({ body, at }) =>
          body.events.map((event) => [event.id, { event, late: at - (event.at as number) }] as const),
        )
        .reverse(),
    )
    const clicks = [...first.values()].filter(({ event }) => event.type === 'click')
    expect(clicks.filter(({ late }) => late < 1000).length / count).toBeGreaterThanOrEqual(0.995)
    expect(clicks.map(({ event }) => event.signal).sort()).toEqual(
      Array.from({ length: count }, (_, i) => `s${i}`).sort(),
    )
    expect(log.events('page')).toHaveLength(count + 1)
  })

  it('keeps what happens offline, and tells it when the line is back', async () => {
    await tab.go(`${log.origin}/`)
    await until(() => log.taken.length)
    await offline()
    await track(3)
    await sleep(1500)
    expect(tracked()).toEqual([])
    await online()
    await tab.evaluate(`dispatchEvent(new Event('online'))`)
    await until(() => tracked().length === 3)
  })

  it('keeps what happened offline in two tabs that were closed, and tells it on the next visit', async () => {
    await tab.go(`${log.origin}/`)
    await until(() => log.taken.length)
    log.fate(() => ({ status: 0 }))
    const other = await bare.open(`${log.origin}/`)
    await other.evaluate(`leadlight('track', 'other')`)
    await track(1)
    await sleep(1500)
    await other.close()
    await tab.go(`${log.origin}/bare`)
    log.fate(() => ({}))
    expect(tracked()).toEqual([])
    await tab.go(`${log.origin}/`)
    await until(() => tracked().length === 2)
    expect(tracked().sort()).toEqual(['n0', 'other'])
    await until(async () => (await stored()) === '')
  })

  it('says the last words of a page on the next, where the line was not good as it was left', async () => {
    log.fate(() => ({ status: 0 }))
    await tab.go(`${log.origin}/`)
    await until(() => log.posts.length)
    await sleep(1500)
    await tab.go(`${log.origin}/bare`)
    await sleep(300)
    log.fate(() => ({}))
    expect(log.events()).toEqual([])
    await tab.go(`${log.origin}/`)
    await until(() => log.events('engagement').length)
    expect(log.events('engagement')[0]!.view).toBe(log.events('page').find(({ at }) => at === firstAt())!.view)
  })
  const firstAt = () => Math.min(...log.events('page').map(({ at }) => at as number))

  it('does without storage when it is full', async () => {
    await tab.evaluate(
      `try { for (let i = 0; ; i++) localStorage['full' + i] = 'x'.repeat(500_000) } catch {} try { for (let i = 0; ; i++) localStorage['more' + i] = 'x'.repeat(100) } catch {}`,
    )
    await tab.go(`${log.origin}/`)
    await track(2)
    await until(() => tracked().length === 2)
    expect(log.events('page')).toHaveLength(1)
  })

  it('forgets what lay in storage for longer than a week', async () => {
    const key = (days: number) => `leadlight.queue.site.${Date.now() - days * 86_400_000}x${days}`
    const event = (id: string, days: number) =>
      JSON.stringify({ type: 'track', name: id, id, at: Date.now() - days * 86_400_000, view: 'v' })
    const kept = {
      [key(8)]: event('old', 8),
      [key(6)]: `${event('young', 6)},${event('other', 6)}`,
      [key(1)]: '{broken',
    }
    await tab.evaluate(`Object.assign(localStorage, ${JSON.stringify(kept)})`)
    await tab.go(`${log.origin}/`)
    await until(() => tracked().length)
    await sleep(1200)
    expect(tracked()).toEqual(['young', 'other'])
  })

  it('carries on what lay in storage, in however many pieces, as far as that is no more than three million characters', async () => {
    const piece = (name: string, text = '') =>
      JSON.stringify({ type: 'track', name, id: name, at: Date.now(), view: 'v', props: { text } })
    const small = numbers(300).map((name) => [`leadlight.queue.site.${Date.now()}${name}`, piece(name)])
    await tab.evaluate(`Object.assign(localStorage, ${JSON.stringify(Object.fromEntries(small))})`)
    await tab.go(`${log.origin}/`)
    await until(() => tracked().length === 300)
    expect(tracked().sort()).toEqual(numbers(300).sort())
    await until(async () => (await stored()) === '')
    await tab.go(`${log.origin}/bare`)
    const text = 'x'.repeat(15_000)
    const large = numbers(250).map((name) => [`leadlight.queue.site.${Date.now()}${name}`, piece(`m${name}`, text)])
    await tab.evaluate(`Object.assign(localStorage, ${JSON.stringify(Object.fromEntries(large))})`)
    log.reset()
    await tab.go(`${log.origin}/`)
    await until(async () => (await stored()) === '')
    expect(tracked().length).toBeGreaterThan(190)
    expect(tracked().length).toBeLessThan(205)
  })

  it('is heard by way of a beacon where fetch is refused', async () => {
    log.page('/patched', 'x', {
      head: `<script>window.fetch = () => Promise.reject(new TypeError('patched'))</script>`,
    })
    await tab.go(`${log.origin}/patched`)
    await until(() => log.events('page').length)
  })

  it('spends few requests and bytes on a visit of two pages', async () => {
    log.page('/a', '<a id="next" href="/b">b</a>')
    log.page('/b', 'b')
    await tab.go(`${log.origin}/a`)
    await sleep(2500)
    await tab.click('#next')
    await until(() => log.events('page').length === 2)
    await sleep(300)
    expect(log.posts).toHaveLength(3)
    expect(log.strays).toEqual([])
    const bytes = log.posts.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0)
    expect(bytes).toBeLessThanOrEqual(830)
  })
})
