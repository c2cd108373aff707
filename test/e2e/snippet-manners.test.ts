/** The snippet is a guest on the page: it breaks nothing, leaves one global, holds nothing up, and goes when asked. */
import { build } from 'esbuild'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Bare, launchBare, scriptTime, type Tab } from '../snippet/bare.ts'
import { CHROMIUM, sleep, until } from '../snippet/browser.ts'
import { createRecorder, type Recorder } from '../snippet/recorder.ts'

const ERRORS = `<script>window.errors = []; addEventListener('error', (e) => errors.push(e.message)); addEventListener('unhandledrejection', (e) => errors.push(String(e.reason)));
  addEventListener('securitypolicyviolation', (e) => errors.push(e.violatedDirective))</script>`

describe.skipIf(!CHROMIUM)('manners', { timeout: 60_000 }, () => {
  let bare: Bare
  let log: Recorder
  let tab: Tab

  beforeAll(async () => {
    bare = await launchBare()
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

  it('adds one global, no cookie, no error', async () => {
    log.page('/a', 'a', { tag: '' })
    await tab.go(`${log.origin}/a`)
    const before = (await tab.evaluate('Object.getOwnPropertyNames(window)')) as string[]
    log.page('/a', 'a', { head: ERRORS })
    await tab.go(`${log.origin}/a`)
    await until(() => log.taken.length)
    const after = (await tab.evaluate('Object.getOwnPropertyNames(window)')) as string[]
    expect(after.filter((name) => !before.includes(name)).sort()).toEqual(['errors', 'leadlight'])
    expect(await tab.evaluate('document.cookie')).toBe('')
    expect(await tab.evaluate('errors')).toEqual([])
  })

  const THROW = `{ configurable: true, get() { throw new Error('denied') } }`
  const ABSENT = `{ configurable: true, value: undefined }`
  it.each([
    ['fetch', 'window'],
    ['navigation', 'window'],
    ['fetchLater', 'window'],
    ['localStorage', 'window'],
    ['sendBeacon', 'Navigator.prototype'],
    ['cookie', 'Document.prototype'],
    ['currentScript', 'Document.prototype'],
  ])('does its work and stays silent with %s absent or throwing', async (name, holder) => {
    for (const way of [ABSENT, THROW]) {
      if (name === 'currentScript' && way === THROW) continue
      log.page('/a', '<form name="f"><input name="x"></form>', {
        head: `${ERRORS}<script>Object.defineProperty(${holder}, '${name}', ${way})</script>`,
      })
      // The snippet stands before the breakage in the head, but is deferred.
      await tab.go(`${log.origin}/a`)
      await until(() => log.events('page').length)
      await tab.type('[name=x]', 'v')
      await tab.evaluate(`history.pushState({}, '', '/pushed')`)
      await until(() => log.events('page').some(({ url }) => (url as string).endsWith('/pushed')))
      await until(() => log.events('form').some(({ step }) => step === 'abandon'))
      expect(await tab.evaluate('errors')).toEqual([])
      log.reset()
    }
  })

  it('tells views apart where the browser does not say what was done to the history', async () => {
    log.page('/a', 'a', { head: `<script>Object.defineProperty(window, 'navigation', { value: undefined })</script>` })
    await tab.go(`${log.origin}/a`)
    await until(() => log.events('page').length)
    await tab.evaluate(`history.replaceState({}, '', '/a?filter=1')`)
    await sleep(1300)
    await tab.evaluate(`history.pushState({}, '', '/a?filter=2')`)
    await sleep(1300)
    await tab.evaluate(`history.pushState({}, '', '/b')`)
    await until(() => log.events('page').length === 3)
    expect(log.events('page').map(({ url }) => new URL(url as string).pathname)).toEqual(['/a', '/a', '/b'])
  })

  it('works under a strict policy with a nonce and Trusted Types', async () => {
    const policy = `default-src 'none'; script-src 'nonce-n'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'`
    const head = `<meta http-equiv="content-security-policy" content="${policy}">${ERRORS.replace('<script', '<script nonce="n"')}
      <script defer nonce="n" src="/leadlight.js?site=site"></script>`
    log.page('/a', '<form name="f" data-identify><input name="e" type="email"></form>', { tag: '', head })
    await tab.go(`${log.origin}/a`)
    await until(() => log.events('page').length)
    await tab.type('[name=e]', 'a@b.example')
    await tab.evaluate(`history.pushState({}, '', '/pushed')`)
    await until(() => log.events('page').length === 2)
    expect(await tab.evaluate('errors')).toEqual([])
  })

  it('runs what was called before it had loaded', async () => {
    const stub = `<script>window.leadlight = window.leadlight || function () { (leadlight.q = leadlight.q || []).push(arguments) }
      leadlight('track', 'early', { n: 1 })</script>`
    log.page('/a', 'a', { head: stub })
    await tab.go(`${log.origin}/a`)
    await until(() => log.taken.length)
    expect(log.posts).toHaveLength(1)
    expect(
      log
        .events()
        .map(({ type }) => type)
        .sort(),
    ).toEqual(['page', 'track'])
    log.reset()
    log.page('/a', 'a', { head: stub.replace(`'track', 'early', { n: 1 }`, `'consent', 'denied'`) })
    await tab.go(`${log.origin}/a`)
    await sleep(800)
    expect(log.events('page')).toEqual([])
  })

  it('steps back where it is there already, and runs beside itself for another site', async () => {
    const again =
      '<script defer src="/leadlight.js" data-site="site"></script><script defer src="/leadlight.js?site=other"></script>'
    log.page('/a', 'a', { head: again })
    await tab.go(`${log.origin}/a`)
    await tab.evaluate(`leadlight('track', 'x')`)
    await until(() => log.events('track').length === 2)
    expect(
      log.taken
        .filter(({ text }) => text.includes('"page"'))
        .map(({ body }) => body.site)
        .sort(),
    ).toEqual(['other', 'site'])
    expect(
      log.taken
        .filter(({ text }) => text.includes('"track"'))
        .map(({ body }) => body.site)
        .sort(),
    ).toEqual(['other', 'site'])
  })

  it('tells the click on a tagged button, with its own tags alone and the topic around it', async () => {
    log.page(
      '/a',
      `<main data-funnel="tofu" data-topic="backup"><p id="text">text</p><section data-signal="no"><p id="in">in</p>
      <button id="b" data-signal="cart_add"><b>add</b></button> <a id="mail" href="mailto:a@b.example" data-signal="contact_sales">mail</a></section></main>
      <script>addEventListener('click', (e) => e.preventDefault())</script>`,
    )
    await tab.go(`${log.origin}/a`)
    for (const id of ['text', 'in', 'b b', 'mail']) await tab.click(`#${id}`)
    await until(() => log.events('click').length > 1)
    await sleep(300)
    expect(log.events('click').map(({ signal, funnel, topic, url }) => [signal, funnel, topic, url])).toEqual([
      ['cart_add', undefined, 'backup', undefined],
      ['contact_sales', undefined, 'backup', undefined],
    ])
  })

  it('leaves out what cannot be told, and tells the rest', async () => {
    log.page('/a', 'a', { head: ERRORS })
    await tab.go(`${log.origin}/a`)
    await tab.evaluate(`const round = {}; round.round = round; leadlight('track', 'round', round); leadlight('track', 'big', { n: 1n })
      leadlight('nonsense'); leadlight(); leadlight('track', 'whole', { text: '\\ud800 \\u0000 ü' })`)
    await until(() => log.events('track').length)
    expect(log.events('track').map(({ name }) => name)).toEqual(['whole'])
    expect(await tab.evaluate('errors')).toEqual([])
  })

  it('goes when it is asked to', async () => {
    log.page('/a', '<a id="d" href="#x" download>d</a>')
    await tab.go(`${log.origin}/a`)
    await until(() => log.taken.length)
    await tab.evaluate(`leadlight('stop')`)
    await sleep(300)
    log.posts.length = 0
    await tab.click('#d')
    await tab.evaluate(`leadlight('track', 'x'); history.pushState({}, '', '/b')`)
    await sleep(1500)
    expect(log.posts).toEqual([])
  })

  it('tells the page the stage it is told, when it changes', async () => {
    log.page('/a', 'a', {
      head: `<script>window.stages = []; window.leadlight = function () { (leadlight.q = leadlight.q || []).push(arguments) }; leadlight('on', 'stage', (stage) => stages.push(stage))</script>`,
    })
    log.fate(() => ({ answer: { stage: log.posts.length < 3 ? 'interest' : 'intent' } }))
    await tab.go(`${log.origin}/a`)
    for (let i = 1; i <= 3; i++) {
      await until(() => log.taken.length >= i)
      await tab.evaluate(`leadlight('page')`)
    }
    await until(async () => `${await tab.evaluate('stages')}` === 'interest,intent')
  })

  it('shows the templates of the stage it is told, and no other', async () => {
    const template = (stage: string) => `<template data-stage="${stage}"><p class="shown">${stage}</p></template>`
    log.page('/a', `${template('interest')}${template('evaluation intent')}${template('conversion')}`)
    log.fate(() => ({ answer: { stage: log.posts.length < 3 ? 'interest' : 'intent' } }))
    await tab.go(`${log.origin}/a`)
    const shown = () => tab.evaluate(`[...document.querySelectorAll('.shown')].map((p) => p.textContent).join()`)
    await until(async () => (await shown()) === 'interest')
    for (let i = 2; i <= 3; i++) {
      await tab.evaluate(`leadlight('page')`)
      await until(() => log.taken.length >= i)
    }
    await until(async () => (await shown()) === 'evaluation intent')
  })

  it('does nothing by itself where page views are manual, and takes tags with them', async () => {
    log.page('/a', 'a', { tag: 'data-site="site" data-manual' })
    await tab.go(`${log.origin}/a`)
    await sleep(600)
    expect(log.events('page')).toEqual([])
    await tab.evaluate(
      `leadlight('page', { funnel: 'bofu', signal: 'pricing' }); leadlight('media', 'tour', 50, { signal: 'demo_video' })`,
    )
    await until(() => log.events('media').length)
    expect(log.events('page')[0]).toMatchObject({ funnel: 'bofu', signal: 'pricing' })
    expect(log.events('media')[0]).toMatchObject({ name: 'tour', percent: 50, signal: 'demo_video' })
  })

  it('counts the hash as part of the page where it is told to', async () => {
    log.page('/a', 'a', { tag: 'data-site="site" data-hash' })
    await tab.go(`${log.origin}/a`)
    await until(() => log.events('page').length)
    await tab.evaluate(`location.hash = '#/plans?token=sentinel'`)
    await until(() => log.events('page').length === 2)
    expect(log.events('page')[1]!.url).toBe(`${log.origin}/a#/plans`)
    expect(JSON.parse(log.posts[0]!.text).hash).toBe(true)
  })

  it('hears a form without a form, and one in a shadow root', async () => {
    log.page(
      '/a',
      `<div data-signal="email_signup" data-funnel="tofu"><input name="mail"><button type="button">join</button></div><x-form></x-form>
      <script>document.querySelector('x-form').attachShadow({ mode: 'open' }).innerHTML = '<form name="deep" data-signal="demo_request"><input name="n"><button>go</button></form>'
      document.querySelector('x-form').shadowRoot.addEventListener('submit', (e) => e.preventDefault())</script>`,
    )
    await tab.go(`${log.origin}/a`)
    await tab.type('[name=mail]', 'x')
    await tab.click('button')
    await tab.click(`(document.querySelector('x-form').shadowRoot.querySelector('input'))`)
    await tab.send('Input.insertText', { text: 'y' })
    await tab.click(`(document.querySelector('x-form').shadowRoot.querySelector('button'))`)
    await until(() => log.events('form').length >= 4)
    await sleep(1100)
    expect(log.events('form').map(({ form, step, signal }) => `${form} ${step} ${signal}`)).toEqual([
      'email_signup start email_signup',
      'email_signup submit email_signup',
      'deep start demo_request',
      'deep submit demo_request',
    ])
  })

  it('tells what was given up, and where; and does not take a form that saves itself for one that was sent', async () => {
    log.page(
      '/a',
      `<form name="long" data-signal="demo_request"><input name="one"><input name="two" required><button>go</button></form>
      <script>document.forms[0].addEventListener('input', () => new FormData(document.forms[0]))</script>`,
    )
    await tab.go(`${log.origin}/a`)
    await tab.type('[name=one]', 'x')
    await tab.click('button')
    await tab.type('[name=one]', 'y')
    await sleep(5200)
    await tab.evaluate(`location.href = '/bare'`)
    await until(() => log.events('form').length === 2)
    expect(log.events('form')[1]).toMatchObject({ form: 'long', step: 'abandon', field: 'one', filled: 1, errors: 1 })
  })

  it('tells how far a video was watched, and nothing of one that loops', async () => {
    log.page(
      '/a',
      `<video id="tour" data-signal="demo_video" data-topic="backup"></video><video id="hero" loop></video>
      <script>for (const video of document.querySelectorAll('video')) Object.defineProperties(video, { duration: { value: 100 }, currentTime: { writable: true, value: 0 } })
      window.play = (id, at) => { const v = document.getElementById(id); v.currentTime = at; v.dispatchEvent(new Event('timeupdate')) }</script>`,
    )
    await tab.go(`${log.origin}/a`)
    await tab.evaluate(`for (const id of ['tour', 'hero']) for (const at of [10, 49, 51, 60, 95, 20, 51]) play(id, at)`)
    await until(() => log.events('media').length)
    await sleep(300)
    expect(log.events('media').map(({ name, percent, signal, topic }) => [name, percent, signal, topic])).toEqual([
      ['tour', 50, 'demo_video', 'backup'],
      ['tour', 90, 'demo_video', 'backup'],
    ])
  })

  it('tells what was searched for, from the address and from a form that stays', async () => {
    log.page(
      '/results',
      `<form role="search" name="finder"><input name="words"><button>go</button></form><script>addEventListener('submit', (e) => e.preventDefault())</script>`,
      {
        tag: 'data-site="site" data-search-params="find"',
      },
    )
    await tab.go(`${log.origin}/results?find=pricing`)
    await tab.type('[name=words]', 'compare')
    await tab.click('button')
    await until(() => log.events('search').length === 2)
    expect(log.events('search').map(({ query }) => query)).toEqual(['pricing', 'compare'])
    expect(log.events('page')[0]!.url).toBe(`${log.origin}/results`)
  })

  it('takes little time, on a processor four times slower', async () => {
    log.page('/a', '<a href="#x" data-signal="s">x</a>')
    await tab.send('Emulation.setCPUThrottlingRate', { rate: 4 })
    const loads: number[] = []
    const clicks: number[] = []
    for (let i = 0; i < 7; i++) {
      await tab.go(`${log.origin}/a`)
      await until(() => log.events('page').length === i + 1)
      const load = await scriptTime(tab)
      await tab.evaluate(`for (let i = 0; i < 50; i++) document.querySelector('a').click()`)
      loads.push(load)
      clicks.push(((await scriptTime(tab)) - load) / 50)
    }
    await tab.send('Emulation.setCPUThrottlingRate', { rate: 1 })
    const median = (values: number[]) => values.sort((a, b) => a - b)[3]!
    console.log(
      `script time at a fourth of the speed: load ${median(loads).toFixed(1)} ms, click ${median(clicks).toFixed(2)} ms`,
    )
    expect(median(loads)).toBeGreaterThan(0.1)
    expect(median(loads)).toBeLessThan(30)
    expect(median(clicks)).toBeLessThan(10)
  })

  it('is a package too', async () => {
    const { outputFiles } = await build({
      entryPoints: ['snippet/module.ts'],
      bundle: true,
      minify: true,
      format: 'esm',
      target: 'es2022',
      write: false,
    })
    const entry = Buffer.from(outputFiles[0]!.text).toString('base64')
    log.page(
      '/a',
      `<script type="module">import { init, track, identify } from 'data:text/javascript;base64,${entry}'
      track('before'); init({ site: 'site', endpoint: location.origin + '/' }); identify({ email: 'a@b.example' })</script>`,
      { tag: '' },
    )
    await tab.go(`${log.origin}/a`)
    await until(() => log.events('identify').length)
    expect(
      log
        .events()
        .map(({ type }) => type)
        .sort(),
    ).toEqual(['identify', 'page', 'track'])
    expect(await tab.evaluate('typeof leadlight')).toBe('undefined')
  })
})
