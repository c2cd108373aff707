// @vitest-environment happy-dom
/** The corner panel: waits for a visitor, shows what it is told, and folds. */
import { beforeEach, describe, expect, it, vi } from 'vitest'

const PANEL = '../../demo/site/assets/panel.js'
const VISITOR = '0123456789abcdef0123456789abcdef'

/** An event source that says what the test says. */
const createSource = (url: string) => {
  const target = new EventTarget()
  const source = Object.assign(target, {
    url,
    readyState: 0,
    close: () => {
      source.readyState = 2
    },
    say: (me: unknown) => target.dispatchEvent(new MessageEvent('me', { data: JSON.stringify(me) })),
  })
  return source
}
let sources: ReturnType<typeof createSource>[] = []

function EventSource(url: string) {
  const source = createSource(url)
  sources.push(source)
  return source
}

const signal = (name: string, applied: number, second: number) => ({
  signal: name,
  applied,
  at: new Date(second * 1000).toISOString(),
  rule: `tagged ${name}`,
})
const newcomer = { score: 0, stage: 'awareness', funnel: 'tofu', qualification: 'anonymous', signals: [] }
const warm = {
  score: 22.24,
  stage: 'evaluation',
  funnel: 'mofu',
  qualification: 'iql',
  signals: [signal('pricing_repeat', 12, 3), signal('page_view', 0, 2), signal('careers', -10, 1)],
}

const panel = () => document.querySelector<HTMLElement>('.leadlight-panel')!
const textOf = (selector: string) => panel().querySelector(selector)?.textContent?.trim()
const rows = () => [...panel().querySelectorAll('#p-signals li')].map((row) => row.textContent)
const hint = () => panel().querySelector<HTMLElement>('#p-hint')!
const toggle = () => panel().querySelector<HTMLButtonElement>('.p-toggle')!
const lastSource = () => sources.at(-1)!

const open = async ({ width = 1280 } = {}) => {
  vi.stubGlobal('innerWidth', width)
  vi.resetModules()
  await import(/* @vite-ignore */ PANEL)
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('EventSource', EventSource)
  vi.stubGlobal('leadlight', undefined)
  sources = []
  localStorage.clear()
  document.body.replaceChildren()
})

describe('waiting', () => {
  it('listens as soon as there is a visitor, and not before', async () => {
    await open()
    expect(hint().textContent).toContain('Waiting')
    vi.advanceTimersByTime(2000)
    expect(sources).toEqual([])
    localStorage.setItem('leadlight.visitor', VISITOR)
    vi.advanceTimersByTime(5000)
    expect(sources).toHaveLength(1)
    expect(lastSource().url).toMatch(new RegExp(`/live\\?visitor=${VISITOR}$`))
  })

  it('says so when none appears', async () => {
    await open()
    vi.advanceTimersByTime(20_000)
    expect(hint().textContent).toContain('No visitor id yet')
  })

  it('does not take anything else for an id', async () => {
    localStorage.setItem('leadlight.visitor', '"><img>')
    await open()
    vi.advanceTimersByTime(20_000)
    expect(sources).toEqual([])
  })
})

describe('showing', () => {
  beforeEach(() => localStorage.setItem('leadlight.visitor', VISITOR))

  it('tells a newcomer what to do', async () => {
    await open()
    lastSource().say(newcomer)
    expect(textOf('#p-score')).toBe('0.0')
    expect(hint().hidden).toBe(false)
    expect(hint().textContent).toContain('Open the pricing page')
  })

  it('shows score, stage, qualification and the last signals', async () => {
    await open()
    lastSource().say(warm)
    expect(textOf('#p-score')).toBe('22.2')
    expect(textOf('#p-stage')).toBe('evaluation')
    expect(textOf('#p-qualification')).toBe('mofu · iql')
    expect(rows()).toEqual(['+12pricing_repeat', '0page_view', '−10careers'])
    expect(hint().hidden).toBe(true)
    expect(textOf('[aria-live="polite"]')).toBe('22 points, evaluation, iql. Last: pricing_repeat')
  })

  it('marks what is new, but not what was there at first', async () => {
    await open()
    const marked = () => [...panel().querySelectorAll('.p-new')].map((row) => row.textContent)
    lastSource().say({ ...warm, signals: warm.signals.slice(1) })
    expect(marked()).toEqual([])
    lastSource().say(warm)
    expect(marked()).toEqual(['+12pricing_repeat'])
  })

  it('treats what it is told as text', async () => {
    await open()
    lastSource().say({ ...warm, stage: '<img src=x>', signals: [signal('<b>', 1, 1)] })
    expect(panel().querySelector('img, code b')).toBeNull()
  })

  it('gives its connection back when the page is hidden, and takes it up again', async () => {
    await open()
    const first = lastSource()
    const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true)
    document.dispatchEvent(new Event('visibilitychange'))
    expect(first.readyState).toBe(2)
    hidden.mockReturnValue(false)
    document.dispatchEvent(new Event('visibilitychange'))
    expect(lastSource()).not.toBe(first)
    expect(lastSource().readyState).toBe(0)
  })
})

describe('folding', () => {
  it('is open where there is room, and a pill where there is not', async () => {
    await open()
    expect(toggle().getAttribute('aria-expanded')).toBe('true')
    panel().remove()
    await open({ width: 390 })
    expect(toggle().getAttribute('aria-expanded')).toBe('false')
  })

  it('folds by click and by Escape, and remembers it', async () => {
    await open()
    panel().dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }))
    expect(toggle().getAttribute('aria-expanded')).toBe('false')
    toggle().click()
    toggle().click()
    panel().remove()
    await open()
    expect(toggle().getAttribute('aria-expanded')).toBe('false')
  })

  it('is not observed itself', async () => {
    await open()
    expect(panel().hasAttribute('data-ignore')).toBe(true)
  })
})

describe('a new visitor', () => {
  beforeEach(() => {
    localStorage.setItem('leadlight.visitor', VISITOR)
    vi.spyOn(location, 'reload').mockReturnValue()
  })
  const start = () => panel().querySelector<HTMLButtonElement>('.p-new-visitor')!.click()

  it('asks the snippet', async () => {
    const leadlight = vi.fn()
    vi.stubGlobal('leadlight', leadlight)
    await open()
    start()
    expect(leadlight).toHaveBeenCalledWith('reset')
    expect(location.reload).toHaveBeenCalled()
  })

  it('forgets by itself where there is no snippet', async () => {
    await open()
    start()
    expect(localStorage.getItem('leadlight.visitor')).toBeNull()
  })
})
