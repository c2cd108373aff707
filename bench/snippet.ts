/** What the snippet costs: bytes by feature, time to start and per click, requests and bytes of a visit. `node bench/snippet.ts` */
import { basename } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { Plugin } from 'esbuild'
// @ts-expect-error: build.mjs is plain JavaScript, so that it runs before anything is set up
import { bundleSnippet } from '../build.mjs'
import { type Bare, launchBare, scriptTime, type Tab } from '../test/snippet/bare.ts'
import { CHROMIUM, sleep, until } from '../test/snippet/browser.ts'
import { createRecorder, type Recorder } from '../test/snippet/recorder.ts'

/** What stands in for a feature that is left out. */
const WITHOUT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'forms, with traits': {
    'form.ts':
      'export const giveUp = () => {}, onFormdata = giveUp, onInput = giveUp, onInvalid = giveUp, onPress = giveUp, onSubmit = giveUp',
  },
  'opt-in traits': { 'trait.ts': 'export const traitOf = () => false' },
  'downloads, outbound and tagged clicks': { 'click.ts': 'export const onClick = () => {}' },
  'media progress': { 'media.ts': 'export const onProgress = () => {}' },
  'views within a page, back/forward cache': {
    'pageview.ts':
      'export let seen, depth; export const markSeen = () => {}, markUnseen = markSeen, isNew = () => false, isSamePlace = isNew',
  },
  'engaged time and scroll': {
    'engagement.ts':
      'export const stir = () => {}, restart = stir, deepen = stir, isEngaged = stir, totals = () => ({ seconds: 0, scroll: 0 })',
  },
  'tags of pages and elements': {
    'tag.ts': 'export const isTagged = () => false, tagOf = () => ({}), pageTag = tagOf',
  },
  'addresses without secrets': { 'url.ts': 'export const clean = (address) => address' },
  'script options': {
    'options.ts':
      'export let options = {}, address, ownAddress = /x/, searchName = /x/, fileAddress = /x/; export const setOptions = (given) => { options = given }',
  },
}

const sizeOf = async (without: Readonly<Record<string, string>> = {}) => {
  const leaveOut: Plugin = {
    name: 'leave out',
    setup: ({ onLoad }) =>
      onLoad({ filter: /snippet\/[a-z]+\.ts$/ }, ({ path }) => {
        const contents = without[basename(path)]
        return contents === undefined ? undefined : { contents, loader: 'ts' }
      }),
  }
  const code: string = await bundleSnippet([leaveOut])
  return { raw: code.length, gzip: gzipSync(code, { level: 9 }).length, brotli: brotliCompressSync(code).length }
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!
const row = (...cells: readonly (string | number)[]) => console.log(`| ${cells.join(' | ')} |`)

const benchSize = async (): Promise<void> => {
  const all = await sizeOf()
  row('feature', 'gzip bytes it adds', 'brotli')
  row('---', '---:', '---:')
  for (const [feature, without] of Object.entries(WITHOUT)) {
    const rest = await sizeOf(without)
    row(feature, all.gzip - rest.gzip, all.brotli - rest.brotli)
  }
  row('**all of it**', all.gzip, all.brotli)
}

const ROUNDS = 15

/** Milliseconds of script until a page is loaded, and for a click on it. */
const timesOf = async (tab: Tab, address: string) => {
  const loads: number[] = []
  const clicks: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    await tab.go(address)
    await sleep(100)
    const load = await scriptTime(tab)
    await tab.evaluate(`for (let i = 0; i < 100; i++) document.querySelector('a').click()`)
    loads.push(load)
    clicks.push(((await scriptTime(tab)) - load) / 100)
  }
  return { load: median(loads), click: median(clicks) }
}

const benchTime = async (bare: Bare, log: Recorder): Promise<void> => {
  // A page with a little of its own, else there were nothing to compare with.
  const body = `<a href="#x" data-signal="s">x</a><script>addEventListener('click', (e) => { e.preventDefault(); document.title = String(Math.random()) })
    for (let i = 0; i < 200; i++) document.body.append(document.createElement('p'))</script>`
  log.page('/without', body, { tag: '' })
  log.page('/with', body)
  const tab = await bare.open(`${log.origin}/without`)
  await tab.send('Emulation.setCPUThrottlingRate', { rate: 4 })
  const without = await timesOf(tab, `${log.origin}/without`)
  const with_ = await timesOf(tab, `${log.origin}/with`)
  await tab.close()
  const ratio = (a: number, b: number) => `${(a / b).toFixed(2)}×`
  console.log(`\nprocessor four times slower, medians of ${ROUNDS}`)
  row('', 'bare page', 'with the snippet', 'ratio')
  row('---', '---:', '---:', '---:')
  row('script until loaded, ms', without.load.toFixed(1), with_.load.toFixed(1), ratio(with_.load, without.load))
  row(
    'script per click on a tagged link, ms',
    without.click.toFixed(3),
    with_.click.toFixed(3),
    ratio(with_.click, without.click),
  )
}

const benchVisit = async (bare: Bare): Promise<void> => {
  const log = await createRecorder()
  log.page('/a', '<a id="next" href="/b">b</a>')
  log.page('/b', 'b')
  const tab = await bare.open(`${log.origin}/a`)
  await sleep(6000)
  await tab.click('#next')
  await until(() => log.events('page').length === 2)
  await sleep(500)
  const bytes = log.posts.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0)
  console.log(
    `\na visit of two pages: ${log.posts.length} requests, ${log.strays.length} preflights, ${bytes} bytes of body`,
  )
  await tab.close()
  await log.stop()
}

await benchSize()
if (CHROMIUM) {
  // A browser that says of itself that it is driven adds that to each body; a person's does not.
  const bare = await launchBare('--disable-blink-features=AutomationControlled')
  const log = await createRecorder()
  await benchTime(bare, log)
  await benchVisit(bare)
  await bare.stop()
  await log.stop()
}
