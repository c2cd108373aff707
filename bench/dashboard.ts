/**
 * `node bench/dashboard.ts [--visitors 10000] [--updates 50] [--rows 1000] [--seconds 10]`: how soon the dashboard can be
 * used, and whether its list stays smooth while scores change and somebody scrolls. The baseline is the same list, scrolled
 * the same way, to which nothing happens. The work of a frame is time of the processor, so that what others do on the
 * machine counts less; when frames came is told by the clock.
 */
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../test/chromium.ts'
import { startFakeApi } from '../test/dashboard/fake-api.ts'
import { median, printTable } from './measure.ts'

const number = (usual: number) => ({ type: 'string', default: String(usual) }) as const
const { values } = parseArgs({
  options: { visitors: number(10_000), updates: number(50), rows: number(1000), seconds: number(10), loads: number(5) },
})
const [visitors, updates, rows, seconds, loads] = [
  ...[values.visitors, values.updates, values.rows, values.seconds, values.loads],
].map(Number) as [number, number, number, number, number]

/** One frame of sixty in a second, in ms. */
const FRAME = 1000 / 60

interface Load {
  /** Ms until the first row of the list is there, and until the page has nothing else to do. */
  readonly firstRow: number
  readonly usable: number
  /** Of these, processor time of the page's main thread. */
  readonly work: number
}

interface Scroll {
  /** Ms of processor time on the page's main thread, for each frame; ascending. */
  readonly work: readonly number[]
  /** Ms from one frame to the next, by the clock; ascending. */
  readonly gaps: readonly number[]
  /** Rows that show another score than the collector has. */
  readonly stale: number
  /** Rows that the list has, and nobody finds who scrolls through all of it. */
  readonly unseen: number
}

interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  readonly ts: number
  readonly tdur?: number
  readonly args?: { readonly name?: string }
}

const share = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0

const loadOnce = async (browser: Browser, url: string): Promise<Load> => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  const inspector = await page.context().newCDPSession(page)
  await inspector.send('Performance.enable', { timeDomain: 'threadTicks' })
  await page.goto(url, { waitUntil: 'commit' })
  await page.locator('.hot tbody tr').first().waitFor()
  const load = await page.evaluate(
    () =>
      new Promise<{ firstRow: number; usable: number }>((resolve) => {
        const firstRow = performance.now()
        requestIdleCallback(() => resolve({ firstRow, usable: performance.now() }))
      }),
  )
  const { metrics } = await inspector.send('Performance.getMetrics')
  const work = 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0)
  await page.close()
  return { ...load, work }
}

/** How many the list has, by its own count: only those near the window are in the document. */
const listed = (page: Page): Promise<number> =>
  page.evaluate(() => Number(document.querySelector('.hot')?.getAttribute('aria-rowcount')) - 1)

const fill = async (page: Page): Promise<void> => {
  for (let before = await listed(page); before < rows; before = await listed(page)) {
    await page.getByRole('button', { name: 'Show more' }).click()
    await page.waitForFunction(
      (n) => Number(document.querySelector('.hot')?.getAttribute('aria-rowcount')) - 1 > n,
      before,
    )
  }
}

/** What each of the rows shows, from the first to the last, as somebody sees them who goes through all. */
const readAll = (page: Page): Promise<readonly (readonly [id: string, score: number])[]> =>
  page.evaluate(async () => {
    const seen = new Map<string, number>()
    for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight / 2) {
      scrollTo(0, y)
      await new Promise((resolve) => setTimeout(resolve, 50))
      for (const row of document.querySelectorAll<HTMLElement>('.hot tbody tr'))
        seen.set(row.dataset.key!, Number(row.querySelector('.score b')?.textContent))
    }
    return [...seen]
  })

/** Down and up again, eight pixels a frame. */
const scroll = (page: Page): Promise<readonly number[]> =>
  page.evaluate(
    (ms) =>
      new Promise<readonly number[]>((resolve) => {
        const start = performance.now()
        const gaps: number[] = []
        let [step, last] = [8, start]
        const next = (): void => {
          gaps.push(performance.now() - last)
          last = performance.now()
          scrollBy(0, step)
          if (scrollY <= 0 || scrollY + innerHeight >= document.documentElement.scrollHeight) step = -step
          if (last - start > ms) return resolve(gaps)
          requestAnimationFrame(next)
        }
        next()
      }),
    seconds * 1000,
  )

/** What the main thread of the page did, frame by frame. */
const workIn = (events: readonly TraceEvent[]): readonly number[] => {
  const threads = Map.groupBy(events, ({ pid, tid }) => `${pid} ${tid}`)
  const mains = [...threads.values()].filter((some) =>
    some.some(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain'),
  )
  const tasksOf = (some: readonly TraceEvent[]) => some.filter(({ name, ph }) => name === 'RunTask' && ph === 'X')
  const busiest = mains.toSorted((a, b) => sumOf(tasksOf(b)) - sumOf(tasksOf(a)))[0] ?? []
  // Before a frame is painted; what is done after that is the next one's.
  const ends = busiest.filter(({ name }) => name === 'PrePaint').map(({ ts }) => ts)
  const frames = ends.toSorted((a, b) => a - b)
  const work = frames.map(() => 0)
  for (const { ts, tdur = 0 } of tasksOf(busiest)) {
    const n = frames.findIndex((end) => end >= ts)
    if (n >= 0) work[n]! += tdur / 1000
  }
  // Where nothing was done since the last paint, there was no frame of ours.
  return work.filter((spent) => spent > 0).toSorted((a, b) => a - b)
}

const sumOf = (events: readonly TraceEvent[]): number => events.reduce((sum, { tdur = 0 }) => sum + tdur, 0)

const scrollOnce = async (browser: Browser, tick: number): Promise<Scroll> => {
  const api = await startFakeApi({ people: visitors, tick })
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  await page.goto(api.url)
  await page.locator('.pulse.open').waitFor()
  await fill(page)
  await browser.startTracing(page, {
    categories: ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'devtools.timeline.frame'],
  })
  const gaps = await scroll(page)
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: readonly TraceEvent[] }
  api.rest()
  // Whatever is still on its way to a page that has been kept busy.
  await page.waitForTimeout(5000)
  const shown = await readAll(page)
  const unseen = (await listed(page)) - shown.length
  const scores = new Map(api.people.map(({ visitor }) => [visitor.id, visitor.score]))
  await page.close()
  await api.close()
  return {
    work: workIn(trace.traceEvents),
    gaps: gaps.toSorted((a, b) => a - b),
    stale: shown.filter(([id, score]) => Math.abs(score - scores.get(id)!) > 0.051).length,
    unseen,
  }
}

const browser = await launchChromium()
if (!browser) process.exit(1)
const api = await startFakeApi({ people: visitors })
const firstPaint = [...api.files]
  .filter(([path]) => /\/main\.(js|css)$/.test(path))
  .reduce((sum, [, text]) => sum + gzipSync(text).length, 0)
const opened: Load[] = []
for (let n = 0; n <= loads; n += 1) opened.push(await loadOnce(browser, api.url))
await api.close()
const quiet = await scrollOnce(browser, 0)
const busy = await scrollOnce(browser, 1000 / updates)
await browser.close()

const ms = (value: number): string => `${value.toFixed(1)} ms`
const compared = (what: string, name: 'work' | 'gaps', part: number) => {
  const [ours, bare] = [share(busy[name], part), share(quiet[name], part)]
  return { what, value: ms(ours), baseline: ms(bare), ratio: (ours / bare).toFixed(2) }
}
const plain = (what: string, value: string, note = '') => ({ what, value, baseline: '', ratio: '', note })
const at = (name: keyof Load): string => ms(median(opened.slice(1).map((load) => load[name])))
printTable([
  plain('first paint: script and styles, gzip', `${firstPaint} B`, 'of 100,000'),
  plain(`first of ${visitors} visitors in the list`, at('firstRow'), `median of ${loads}, from the click`),
  plain('usable: nothing else to do', at('usable')),
  plain('  of it, processor time of the page', at('work')),
  compared(`work of a frame, ${rows} rows scrolled, ${updates} updates/s: median`, 'work', 0.5),
  { ...compared('  p95', 'work', 0.95), note: `of ${FRAME.toFixed(1)} ms` },
  compared('  p99', 'work', 0.99),
  compared('from frame to frame, by the clock: median', 'gaps', 0.5),
  compared('  p95', 'gaps', 0.95),
  plain('rows that show another score than the collector has', String(busy.stale), 'after scrolling through all'),
  plain('rows that are not found there', String(busy.unseen)),
])
console.log(`load of the machine: ${loadavg()[0]!.toFixed(1)}`)
