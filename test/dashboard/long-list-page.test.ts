/** A thousand visitors in the list: few rows are in the document, and all of them are to be found. */
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { launchChromium } from '../chromium.ts'
import { listed, type Opened, openDashboard } from './in-browser.ts'

const browser: Browser | undefined = await launchChromium()
afterAll(() => browser?.close())

const PEOPLE = 1000
/** Where it does not matter how many they are. */
const SOME = 300
/** More than fill a window of 900 pixels, with as many again beside it. */
const FEW = 40

let opened: Opened

type Motion = 'reduce' | 'no-preference'

const open = async (people: number, width = 1280, reducedMotion: Motion = 'reduce'): Promise<Opened> => {
  opened = await openDashboard(browser!, '/', { people, context: { viewport: { width, height: 900 }, reducedMotion } })
  const { page } = opened
  await page.locator('.pulse.open').waitFor()
  for (let n = await listed(page); n < people; n = await listed(page)) {
    // Pressed while rows above it are still being measured, it moves away from under the pointer: then once more.
    const press = () => page.getByRole('button', { name: 'Show more' }).click()
    await press()
    await expect
      .poll(() => listed(page), { timeout: 3000 })
      .toBeGreaterThan(n)
      .catch(press)
    await expect.poll(() => listed(page), { timeout: 10_000 }).toBeGreaterThan(n)
  }
  return opened
}

/** Everybody's id in the order of the list. */
const everybody = (): readonly string[] =>
  opened.api.people
    .map(({ visitor }) => visitor)
    .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
    .map(({ id }) => id)

const rows = () => opened.page.locator('.hot tbody tr')

const scrollTo = (y: number): Promise<void> =>
  opened.page.evaluate(async (top) => {
    window.scrollTo(0, top)
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame)
  }, y)

/** The focused row's id, its place by number, and whether it can be seen. */
const focused = () =>
  opened.page.evaluate(() => {
    const row = document.activeElement?.closest('tr')
    const { top, bottom } = row?.getBoundingClientRect() ?? { top: -1, bottom: -1 }
    return { id: row?.dataset.key, index: Number(row?.ariaRowIndex), isSeen: top >= 0 && bottom <= innerHeight }
  })

interface Look {
  readonly id: string
  readonly index: number
  readonly top: number
  readonly bottom: number
}

/** The last three of the list become the first. */
const pass = (): void => {
  for (const id of everybody().slice(-3)) {
    const { visitor } = opened.api.people.find((person) => person.visitor.id === id)!
    visitor.score = 99
    opened.api.push({ name: 'score', visitor })
  }
}

/** From now on, which rows are moved, and how. */
const watchMoves = (): Promise<void> =>
  opened.page.evaluate(() => {
    const moves: string[] = []
    Object.assign(window, { moves })
    const { animate } = Element.prototype
    Element.prototype.animate = function (frames, options) {
      if (this.matches('.hot tr')) moves.push(`${this.ariaRowIndex} ${Object.keys(frames!)}`)
      return animate.call(this, frames, options)
    }
  })

const moves = () => opened.page.evaluate(() => (window as unknown as { moves: string[] }).moves)

/** The rows that are seen, from the top. */
const seen = (): Promise<readonly Look[]> =>
  opened.page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('.hot tbody tr')]
      .map((row) => ({ row, ...row.getBoundingClientRect().toJSON() }))
      .filter(({ top, bottom }) => bottom > 0 && top < innerHeight)
      .map(({ row, top, bottom }) => ({ id: row.dataset.key!, index: Number(row.ariaRowIndex), top, bottom })),
  )

/** From the top to the end, a little less than a window at a time: who stands where, and between whom there is a gap. */
const goThrough = () =>
  opened.page.evaluate(async () => {
    const found = new Map<number, string>()
    const gaps: string[] = []
    for (let y = 0; y < document.documentElement.scrollHeight; y += 700) {
      window.scrollTo(0, y)
      for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame)
      const seen = [...document.querySelectorAll<HTMLElement>('.hot tbody tr')]
        .map((row) => ({ row, index: Number(row.ariaRowIndex), ...row.getBoundingClientRect().toJSON() }))
        .filter(({ top, bottom }) => bottom > 0 && top < innerHeight)
      for (const { row, index } of seen) found.set(index, row.dataset.key!)
      for (const [i, { top, index }] of seen.entries()) {
        const above = seen[i - 1]
        if (above && (Math.abs(above.bottom - top) > 1 || above.index !== index - 1)) gaps.push(`above ${index}`)
      }
      const [first, last] = [seen[0], seen.at(-1)]
      if (first && first.index > 2 && first.top > 1) gaps.push(`first ${first.index}`)
      const { ariaRowCount } = document.querySelector('.hot')!
      if (last && last.index < Number(ariaRowCount) && last.bottom < innerHeight - 1) gaps.push(`last ${last.index}`)
    }
    return { found: [...found].sort(([a], [b]) => a - b), gaps }
  })

/** From the first to the last by one key: who has the focus, by number, and whether they can be seen. */
const walkThrough = (key: string) =>
  opened.page.evaluate(async (name) => {
    const found: { id: string | undefined; index: number; isSeen: boolean }[] = []
    for (let last: Element | null = null; document.activeElement !== last; ) {
      last = document.activeElement
      const row = last!.closest('tr')!
      const { top, bottom } = row.getBoundingClientRect()
      const isSeen = top >= 0 && bottom <= innerHeight
      found.push({ id: row.dataset.key, index: Number(row.ariaRowIndex), isSeen })
      last!.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true }))
      // Two frames: the page is scrolled to them, and the rows after them are drawn.
      for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame)
    }
    return found
  }, key)

describe.skipIf(!browser)('in a browser', { timeout: 60_000 }, () => {
  afterEach(() => opened.end())

  it.each([360, 1280])(
    'comes upon everybody by scrolling, %d pixels wide, with few rows in the document',
    async (width) => {
      await open(PEOPLE, width)
      expect(await rows().count()).toBeLessThan(FEW)
      const { found, gaps } = await goThrough()
      expect(found).toEqual(everybody().map((id, n) => [n + 2, id]))
      expect(gaps).toEqual([])
      expect(await rows().count()).toBeLessThan(FEW)
      await opened.page.getByText('1,000 visitors, that is everybody.').waitFor()
      expect(opened.complaints).toEqual([])
    },
  )

  it('has as many rows ready above the window as below it', async () => {
    const { page } = await open(SOME)
    await scrollTo(10_000)
    const [first, last] = [(await seen())[0]!, (await seen()).at(-1)!]
    const there = await rows().evaluateAll((all) => all.map((row) => Number(row.ariaRowIndex)))
    expect([first.index - there[0]!, there.at(-1)! - last.index]).toEqual([8, 8])
    expect(await page.locator('.hot tbody .apart').count()).toBe(0)
  })

  it('comes upon everybody by the arrow keys, each in view', async () => {
    const { page } = await open(SOME)
    await scrollTo(0)
    await page.locator('.hot a.name').first().focus()
    const found = await walkThrough('ArrowDown')
    expect(found).toEqual(everybody().map((id, n) => ({ id, index: n + 2, isSeen: true })))
    expect(await rows().count()).toBeLessThan(FEW)
  })

  it.each([
    ['ArrowDown', 1],
    ['ArrowUp', -1],
    ['Tab', 1],
    ['Shift+Tab', -1],
  ] as const)('keeps the focus on a row that is scrolled away, and goes on from it by %s', async (key, step) => {
    const { page } = await open(SOME)
    const ids = everybody()
    await scrollTo(0)
    await page.locator('.hot a.name').nth(5).focus()
    await scrollTo(15_000)
    expect(await rows().count()).toBeLessThan(FEW + 3)
    expect(await focused()).toEqual({ id: ids[5], index: 7, isSeen: false })
    await page.keyboard.press(key)
    await scrollTo(await page.evaluate(() => scrollY))
    expect(await focused()).toEqual({ id: ids[5 + step], index: 7 + step, isSeen: true })
  })

  it('shows of whom it comes upon what happened to them meanwhile', async () => {
    const { page, api } = await open(SOME)
    for (const y of [1e6, 0]) await scrollTo(y)
    const last = api.people.find(({ visitor }) => visitor.id === everybody().at(-1))!.visitor
    last.why = [{ signal: 'case_study', value: last.score }]
    api.push({ name: 'score', visitor: last })
    await page.waitForTimeout(300)
    expect(await page.locator(`[data-key="${last.id}"]`).count()).toBe(0)
    await scrollTo(1e6)
    expect(await page.locator(`[data-key="${last.id}"] .because`).textContent()).toBe('Case study')
  })

  it('holds still under who reads while others pass above', async () => {
    const { page } = await open(SOME)
    await scrollTo(10_000)
    const before = await seen()
    pass()
    const first = before[0]!
    await expect.poll(async () => (await seen())[0]?.index, { timeout: 10_000 }).toBe(first.index + 3)
    expect(await seen()).toEqual(before.map((row) => ({ ...row, index: row.index + 3 })))
    await scrollTo(0)
    expect((await seen()).slice(0, 3).map(({ id }) => id)).toEqual(everybody().slice(0, 3))
    expect(await page.locator('.hot tbody tr:first-child .score b').textContent()).toBe('99.0')
  })

  it('lets those who are seen glide to their places, and whom one did not see appear', async () => {
    const { page } = await open(SOME, 1280, 'no-preference')
    await scrollTo(0)
    const before = await seen()
    await watchMoves()
    pass()
    await page.locator('[aria-rowindex="4"]', { hasText: '99.0' }).waitFor()
    const now = (await moves()).map((text) => text.split(' '))
    expect(now.slice(0, 3)).toEqual(['2', '3', '4'].map((index) => [index, 'opacity']))
    expect(new Set(now.slice(3).map(([, what]) => what))).toEqual(new Set(['transform']))
    // Three have left the window, and a few beside it are moved as well; the others that are there are not.
    expect(now.length).toBeGreaterThanOrEqual(before.length)
    expect(now.length).toBeLessThan(before.length + 7)
    expect(await rows().count()).toBeGreaterThan(before.length + 7)
  })

  it.each([
    ['reduce', 0],
    ['no-preference', 10_000],
  ] as const)('moves nobody where motion is %s, %d pixels down', async (motion, y) => {
    await open(SOME, 1280, motion)
    await scrollTo(y)
    await watchMoves()
    const [first] = await seen()
    pass()
    if (y) await expect.poll(async () => (await seen())[0]?.index, { timeout: 10_000 }).toBe(first!.index + 3)
    else await opened.page.locator('[aria-rowindex="4"]', { hasText: '99.0' }).waitFor()
    expect(await moves()).toEqual([])
  })

  it.each([360, 1280])('leads back to where one was, %d pixels wide', async (width) => {
    const { page } = await open(SOME, width)
    await scrollTo(10_000)
    const before = await seen()
    await page.locator(`[data-key="${before[4]!.id}"] a.name`).click()
    await page.locator('.course svg').waitFor()
    await page.goBack()
    await page.locator('.hot').waitFor()
    await expect.poll(seen).toEqual(before)
    expect(await focused()).toEqual({ id: before[4]!.id, index: before[4]!.index, isSeen: true })
  })

  it('leads back to whom one has opened, also when others have passed meanwhile', async () => {
    const { page } = await open(SOME)
    await scrollTo(10_000)
    const [, , , , opened] = await seen()
    await page.locator(`[data-key="${opened!.id}"] a.name`).click()
    await page.locator('.course svg').waitFor()
    pass()
    await page.waitForTimeout(1500)
    await page.goBack()
    await page.locator('.hot').waitFor()
    await expect.poll(seen).toContainEqual({ ...opened, index: opened!.index + 3 })
    expect(await focused()).toMatchObject({ id: opened!.id, isSeen: true })
  })

  it('prints everybody', async () => {
    const { page } = await open(SOME)
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')))
    await expect.poll(() => rows().count()).toBe(SOME)
    await page.evaluate(() => dispatchEvent(new Event('afterprint')))
    await expect.poll(() => rows().count()).toBeLessThan(FEW)
  })

  it('finds its rows again in a window of another width', async () => {
    const { page } = await open(SOME)
    await scrollTo(10_000)
    const height = () => page.evaluate(() => document.documentElement.scrollHeight)
    await page.setViewportSize({ width: 360, height: 900 })
    await scrollTo(0)
    const guessed = await height()
    const { found, gaps } = await goThrough()
    expect(Math.abs((await height()) / guessed - 1)).toBeLessThan(0.15)
    expect(found).toHaveLength(SOME)
    expect(gaps).toEqual([])
  })
})
