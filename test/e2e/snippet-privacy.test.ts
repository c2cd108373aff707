/** Nothing is seen of who does not want it, and nothing kept where nothing may be kept: in a real browser, on the wire. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Bare, launchBare, type Tab } from '../snippet/bare.ts'
import { CHROMIUM, sleep, until } from '../snippet/browser.ts'
import { createRecorder, type Recorder } from '../snippet/recorder.ts'

describe.skipIf(!CHROMIUM)('privacy', { timeout: 60_000 }, () => {
  let bare: Bare
  let log: Recorder
  let tab: Tab

  beforeAll(async () => {
    bare = await launchBare('--host-resolver-rules=MAP *.test 127.0.0.1')
    log = await createRecorder()
    log.page('/bare', '<p>no snippet</p>', { tag: '' })
    tab = await bare.open(`${log.origin}/bare`)
  }, 60_000)
  afterEach(async () => {
    await tab.go(`${log.origin}/bare`)
    await tab.evaluate('localStorage.clear()')
    await sleep(50)
    log.reset()
  })
  afterAll(async () => {
    await bare?.stop()
    await log?.stop()
  })

  const kept = () =>
    tab.evaluate('[...Object.keys(localStorage), ...Object.keys(sessionStorage), document.cookie].filter(Boolean)')
  /** Long enough for whatever would be sent. */
  const silence = async () => {
    await sleep(1500)
    expect(log.posts).toEqual([])
  }
  const REQUIRED = 'data-site="site" data-consent="required"'

  it('keeps and sends nothing before a yes, and then what happened before it', async () => {
    log.page('/a', '<a id="d" href="#" download>d</a>', { tag: REQUIRED })
    await tab.go(`${log.origin}/a`)
    await tab.click('#d')
    await silence()
    expect(await kept()).toEqual([])
    await tab.evaluate(`leadlight('consent', 'granted')`)
    await until(() => log.taken.length)
    expect(log.events().map(({ type }) => type)).toEqual(['page', 'download', 'consent'])
    log.posts.length = log.taken.length = 0
    await tab.go(`${log.origin}/a`)
    await until(() => log.events('page').length)
  })

  it('lets a page that is left without a yes leave nothing behind', async () => {
    log.page('/a', 'a', { tag: REQUIRED })
    await tab.go(`${log.origin}/a`)
    await sleep(1200)
    await tab.go(`${log.origin}/bare`)
    await silence()
    expect(await kept()).toEqual([])
  })

  it.each([
    ['required', REQUIRED],
    ['not required', 'data-site="site"'],
  ])('forgets on a no, where consent is %s', async (mode, tag) => {
    log.page('/a', 'a', { tag })
    await tab.go(`${log.origin}/a`)
    await tab.evaluate(`leadlight('consent', 'granted')`)
    await until(() => log.taken.length)
    const visitor = log.taken[0]!.body.visitor
    expect(visitor).toMatch(/^[0-9a-z]{20,26}$/)
    await tab.evaluate(`leadlight('track', 'x'); leadlight('consent', 'denied')`)
    await until(() => log.events('consent').some(({ state }) => state === 'denied'))
    expect(JSON.stringify(await tab.evaluate('({ ...localStorage })'))).not.toContain(visitor)
    expect(await kept()).toEqual(mode === 'required' ? [] : ['leadlight.visitor'])
    log.posts.length = 0
    await tab.evaluate(`leadlight('track', 'after')`)
    await tab.go(`${log.origin}/a`)
    await tab.evaluate(`leadlight('track', 'later')`)
    await silence()
    await tab.evaluate(`leadlight('consent', 'granted')`)
    await until(() => log.posts.length)
    expect(log.posts[0]!.body.visitor).not.toBe(visitor)
  })

  it('does not send later what was stored before a no', async () => {
    log.page('/a', 'a')
    log.fate(() => ({ status: 503 }))
    await tab.go(`${log.origin}/a`)
    await until(() => log.posts.length)
    await tab.evaluate(`leadlight('consent', 'denied')`)
    await sleep(300)
    log.reset()
    await tab.go(`${log.origin}/a`)
    await sleep(2500)
    expect(log.posts).toEqual([])
  })

  it('keeps nothing at all without cookies, not even a visitor', async () => {
    log.page('/a', 'a', { tag: 'data-site="site" data-consent="cookieless"' })
    await tab.go(`${log.origin}/a`)
    await until(() => log.taken.length)
    expect(log.taken[0]!.text).not.toContain('visitor')
    expect(await kept()).toEqual([])
  })

  it.each([
    [
      'Global Privacy Control',
      `Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true })`,
    ],
    ['Do Not Track', `Object.defineProperty(Navigator.prototype, 'doNotTrack', { get: () => '1' })`],
  ])('sees nothing under %s, unless the owner turned that off', async (_name, script) => {
    log.page('/a', 'a', { head: `<script>${script}</script>` })
    await tab.go(`${log.origin}/a`)
    await tab.evaluate(`leadlight('track', 'x'); leadlight('consent', 'granted')`)
    await silence()
    expect(await kept()).toEqual([])
    log.prefix('self.leadlightSite={gpc:false};')
    await tab.go(`${log.origin}/a`)
    await until(() => log.events('page').length)
  })

  it('takes the stricter of the settings of site and tag, and leaves one global', async () => {
    log.page('/a', 'a')
    log.prefix('self.leadlightSite={consent:"required"};')
    await tab.go(`${log.origin}/a`)
    await silence()
    expect(await tab.evaluate(`typeof leadlight + typeof window.leadlightSite`)).toBe('functionundefined')
  })

  it('observes nothing within data-ignore', async () => {
    log.page(
      '/a',
      `<div data-ignore><a id="d" href="/x.pdf" download>d</a><form name="no" data-identify><input name="e" type="email"></form></div>
      <form name="yes" data-identify><input name="mail" type="email"><span data-ignore><input name="work" data-trait="company"></span><button>go</button></form>
      <script>addEventListener('submit', (e) => e.preventDefault())</script>`,
    )
    await tab.go(`${log.origin}/a`)
    await tab.click('#d')
    await tab.type('[name=e]', 'a@b.example')
    await tab.type('[name=work]', 'Acme')
    await tab.type('[name=mail]', 'a@b.example')
    await tab.click('button')
    await until(() => log.events('form').length === 2)
    expect(log.events('download')).toEqual([])
    expect(log.events('form')[1]).toMatchObject({ form: 'yes', step: 'submit', traits: { email: 'a@b.example' } })
    expect(log.posts.map(({ text }) => text).join()).not.toContain('Acme')
  })

  it('reads opted-in fields of a harmless kind, and a password under no name', async () => {
    log.page(
      '/a',
      `<form name="f" data-identify><input name="a" autocomplete="work email"><input name="b" autocomplete="organization"><input name="c" type="tel">
      <input name="d" data-trait="team"><input name="e" data-trait="company" type="password"><input name="f" data-trait="name" autocomplete="current-password" type="text">
      <input name="g" data-trait="title" type="hidden" value="sentinel-g"><input name="card_no" type="tel"><label>One-time code <input name="h" type="tel"></label><input name="i"><button>go</button></form>
      <script>addEventListener('submit', (e) => e.preventDefault())</script>`,
    )
    await tab.go(`${log.origin}/a`)
    for (const name of ['a', 'b', 'd', 'e', 'f', 'i']) await tab.type(`[name=${name}]`, `sentinel-${name}`)
    await tab.type('[name=c]', '+49 30 123')
    await tab.type('[name=card_no]', '4111111111111111')
    await tab.type('[name=h]', '123456')
    await tab.evaluate(`document.querySelector('[name=e]').type = 'text'`)
    await tab.click('button')
    const submit = await until(() => log.events('form').find(({ step }) => step === 'submit'))
    expect(submit.traits).toEqual({
      email: 'sentinel-a',
      organization: 'sentinel-b',
      tel: '+49 30 123',
      team: 'sentinel-d',
    })
  })

  it('cuts secrets out of addresses', async () => {
    log.page('/a', 'a')
    await tab.go(`${log.origin}/bare`)
    await tab.evaluate(
      `location.href = '/a?token=sentinel&utm_source=mail&gclid=1&email=sentinel%40x.example#sentinel'`,
    )
    await until(() => log.events('page').length)
    expect(log.events('page')[0]!.url).toBe(`${log.origin}/a?utm_source=mail&gclid=1`)
    expect(log.posts[0]!.text).not.toContain('sentinel')
  })

  it('knows another visitor after a reset, and sends the events of the first under their own id', async () => {
    log.page('/a', 'a')
    await tab.go(`${log.origin}/a`)
    await until(() => log.taken.length)
    await tab.evaluate(`leadlight('track', 'first'); leadlight('reset'); leadlight('track', 'second')`)
    await until(() => log.events('track').length === 2)
    const by = (name: string) => log.taken.find(({ text }) => text.includes(`"${name}"`))!.body.visitor
    expect(by('first')).toBe(log.taken[0]!.body.visitor)
    expect(by('second')).not.toBe(by('first'))
    expect(log.events('page')).toHaveLength(2)
  })

  it('knows a visitor across the subdomains of a site by one cookie, and keeps to its domains', async () => {
    const tag = `data-site="site" data-domains="www.shop.test, docs.shop.test"`
    log.page('/a', 'a', { tag })
    for (const host of ['www', 'docs', 'other']) {
      await tab.go(`http://${host}.shop.test:${log.port}/a`)
      await sleep(400)
    }
    expect(log.events('page').map(({ url }) => new URL(url as string).hostname)).toEqual([
      'www.shop.test',
      'docs.shop.test',
    ])
    expect(new Set(log.taken.map(({ body }) => body.visitor)).size).toBe(1)
    await tab.go(`http://www.shop.test:${log.port}/a`)
    await tab.evaluate(`leadlight('consent', 'denied')`)
    expect(await tab.evaluate('document.cookie')).toBe('leadlight.visitor=denied')
  })
})
