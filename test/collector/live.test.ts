/** The live stream: what happens, once, in order, however often the connection breaks. */
import { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createLive, type Live } from '../../collector/live.ts'
import type { Profiles } from '../../collector/profiles.ts'
import { liveRoutes } from '../../collector/routes/live.ts'
import type { Views } from '../../collector/store/store.ts'
import { LiveMessage } from '../../shared/answer.ts'
import { event } from '../contract/events.ts'
import { ADMIN, BROWSER, beacon, type Collector, newId, startCollector } from './collector.ts'

let collector: Collector
beforeAll(async () => {
  collector = await startCollector({ LEADLIGHT_DEMO: 'on' })
})
afterAll(() => collector.end())

interface Message {
  readonly id: string
  readonly name: string
  readonly data: { readonly title?: string; readonly visitor: unknown; readonly site?: string }
}

const parse = (block: string): Message | { readonly id: string | undefined } => {
  const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1]
  const [id, name, data] = [field('id'), field('event'), field('data')]
  return name && data && id ? { id, name, data: JSON.parse(data) } : { id }
}

interface Listening {
  readonly heard: Message[]
  /** As a browser keeps it: the id of the last block. */
  readonly lastId: () => string
  readonly until: (isEnough: () => boolean) => Promise<void>
  readonly stop: () => void
}

const listen = async (path = '/api/live', resume?: string): Promise<Listening> => {
  const gone = new AbortController()
  const headers = { authorization: `Bearer ${ADMIN}`, ...(resume && { 'last-event-id': resume }) }
  const answer = await fetch(collector.url + path, { headers, signal: gone.signal })
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
  const heard: Message[] = []
  let lastId = resume ?? ''
  let rest = ''
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
  const pump = async (): Promise<void> => {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      const blocks = (rest + value).split('\n\n')
      rest = blocks.pop()!
      for (const block of blocks.map(parse)) {
        lastId = block.id ?? lastId
        if ('name' in block) heard.push(block)
      }
    }
  }
  pump().catch(() => {})
  const until = async (isEnough: () => boolean): Promise<void> => {
    for (let tries = 0; !isEnough() && tries < 500; tries += 1) await new Promise((resolve) => setTimeout(resolve, 10))
    expect(isEnough(), `heard ${heard.length}`).toBe(true)
  }
  const listening = { heard, lastId: () => lastId, until, stop: () => gone.abort() }
  await until(() => lastId !== '')
  return listening
}

const say = async (titles: readonly string[], visitor = 'ann', site = 'default') => {
  const events = titles.map((title) => ({ id: newId(), type: 'page', url: 'https://www.acme.example/', title }))
  const body = beacon(collector.key(site), events, { visitor })
  expect((await collector.ask('/e', { method: 'POST', body, headers: BROWSER })).status).toBe(200)
}
const titles = (heard: readonly Message[]) => heard.filter(({ name }) => name === 'event').map(({ data }) => data.title)
const count = (n: number, prefix: string) => Array.from({ length: n }, (_, i) => `${prefix}${i}`)

describe('a cursor over a log that grows while it is read', () => {
  /** Grows by one entry at every look, and lets every tenth be a change. */
  const growing = () => {
    let head = 0
    const grow = (): number => {
      head += 1
      return head
    }
    const from = (cursor: number, upTo: number, limit: number, wanted: (seq: number) => boolean) =>
      Array.from({ length: Math.max(0, upTo - cursor) }, (_, n) => cursor + n + 1)
        .filter(wanted)
        .slice(0, limit)
    const entry = (seq: number) => ({
      seq,
      visitor: 'v',
      site: 's',
      what: { event: event('page', { id: `${seq}`, title: `${seq}` }) },
    })
    const views = {
      head: async () => grow(),
      read: async (cursor: number, limit: number) => from(cursor, grow(), limit, (seq) => seq % 10 !== 0).map(entry),
      changed: async (cursor: number, upTo: number, limit: number) => {
        grow()
        return from(cursor, upTo, limit, (seq) => seq % 10 === 0).map((seq) => ({ seq, id: 'v', site: 's' }))
      },
    }
    return views as unknown as Views
  }

  it('gives everything, once, in order', async () => {
    const profiles = { show: () => ({}) } as unknown as Profiles
    const stopping = new AbortController()
    const options = { views: growing(), profiles, onPulse: () => () => {}, now: Date.now, stopping: stopping.signal }
    const seen: number[] = []
    for await (const { seq } of createLive(options).follow(0, new AbortController().signal)) {
      seen.push(seq)
      if (seen.length === 500) stopping.abort()
    }
    expect(seen.slice(0, 500)).toEqual(Array.from({ length: 500 }, (_, n) => n + 1))
  })
})

describe('the live stream', () => {
  it('tells each event, and then whom it changed, in messages of their form', async () => {
    const live = await listen()
    await say(['one', 'two'])
    await live.until(() => live.heard.length >= 3)
    expect(titles(live.heard)).toEqual(['one', 'two'])
    expect(live.heard.map(({ name }) => name)).toEqual(['event', 'event', 'score'])
    for (const { name, data } of live.heard) LiveMessage.parse({ name, ...data })
    const ids = live.heard.map(({ id }) => Number(id))
    expect(ids).toEqual(ids.toSorted((a, b) => a - b))
    live.stop()
  })

  it('starts at the present for a newcomer', async () => {
    await say(['before'])
    const live = await listen()
    await say(['after'])
    await live.until(() => live.heard.length >= 2)
    expect(titles(live.heard)).toEqual(['after'])
    live.stop()
  })

  it('is resumed without gap or double, wherever it broke', async () => {
    const said = count(120, 'broken ')
    const heard: Message[] = []
    let live = await listen()
    let resume = live.lastId()
    const saying = (async () => {
      for (let n = 0; n < said.length; n += 4) await say(said.slice(n, n + 4), `visitor ${n % 12}`)
    })()
    let breaks = 0
    while (titles(heard).length < said.length) {
      const enough = Math.min(said.length - titles(heard).length, 7 + (breaks % 9))
      await live.until(() => titles(live.heard).length >= enough)
      live.stop()
      heard.push(...live.heard)
      resume = live.lastId()
      live = await listen('/api/live', resume)
      breaks += 1
    }
    live.stop()
    await saying
    expect(breaks).toBeGreaterThan(4)
    expect(titles(heard)).toEqual(said)
    expect(new Set(heard.map(({ id }) => id)).size).toBe(heard.length)
  })

  it('catches up on more than fits in one slice', async () => {
    const live = await listen()
    live.stop()
    const said = count(1200, 'many ')
    for (let n = 0; n < said.length; n += 300) await say(said.slice(n, n + 300), `slice ${n}`)
    const later = await listen('/api/live', live.lastId())
    await later.until(() => titles(later.heard).length >= said.length)
    expect(titles(later.heard)).toEqual(said)
    later.stop()
  })

  it.each(['999999999999', '9'.repeat(16), 'x', '-1', '1e3', ''])('resumed at %j starts at the present', async (id) => {
    const live = await listen('/api/live', id)
    await say([`after ${id}`])
    await live.until(() => live.heard.length >= 2)
    expect(titles(live.heard)).toEqual([`after ${id}`])
    live.stop()
  })

  it('tells of one site, or of one visitor, where that is asked for', async () => {
    await say(['first'], 'eve')
    const { id } = (await collector.admin<{ id: string }>('/api/visitors/eve')).body
    const [demo, eve] = [await listen('/api/live?site=demo'), await listen(`/api/live?visitor=${id}`)]
    await say(['of the demo'], 'fay', 'demo')
    await say(['of eve'], 'eve')
    await say(['of the demo again'], 'fay', 'demo')
    await demo.until(() => titles(demo.heard).length >= 2)
    await eve.until(() => eve.heard.length >= 2)
    expect(titles(demo.heard)).toEqual(['of the demo', 'of the demo again'])
    expect(titles(eve.heard)).toEqual(['of eve'])
    demo.stop()
    eve.stop()
  })

  it('tells of one stage, where that is asked for', async () => {
    const live = await listen('/api/live?stage=intent')
    await say(['nothing of note'], 'gil')
    const events = [{ id: newId(), type: 'form', form: 'f', step: 'submit', signal: 'demo_request' }]
    const body = beacon(collector.key(), events, { visitor: 'hal' })
    await collector.ask('/e', { method: 'POST', body, headers: BROWSER })
    await live.until(() => live.heard.length >= 2)
    expect(live.heard.map(({ name }) => name)).toEqual(['transition', 'score'])
    live.stop()
  })

  it('is not started for who asks for its head alone', async () => {
    for (const path of ['/api/live', '/demo/live?visitor=0123456789abcdef0123456789abcdef'])
      expect(await collector.ask(path, { method: 'HEAD', token: ADMIN })).toMatchObject({ status: 200, text: '' })
  })

  it('is ended when the collector stops, at once', async () => {
    const other = await startCollector()
    const answer = await fetch(`${other.url}/api/live`, { headers: { authorization: `Bearer ${ADMIN}` } })
    const start = performance.now()
    await other.end()
    expect(await answer.text()).toMatch(/^retry: 2000\n/)
    expect(performance.now() - start).toBeLessThan(2000)
    expect(other.problems).toEqual([])
  })
})

describe('who does not read', () => {
  const endless = () => {
    const told = { count: 0, isOver: false }
    const follow = async function* (_: number, gone: AbortSignal) {
      try {
        for (; !gone.aborted; told.count += 1)
          yield {
            seq: told.count,
            message: { name: 'event', visitor: 'a', site: 's', type: 'page', at: '', title: 'x' },
          }
      } finally {
        told.isOver = true
      }
    }
    return { told, live: { head: async () => 0, follow } as unknown as Live }
  }
  const open = (live: Live, log: (problem: string) => void) => {
    const [route] = liveRoutes({ live, log, patience: 300 })
    const app = new Hono()
    app.get(route!.path, route!.handle)
    const outgoing = { destroyed: false, destroy: () => Object.assign(outgoing, { destroyed: true }) }
    return { outgoing, answer: app.request('/api/live', {}, { outgoing }) }
  }
  const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

  it('is told no more than fits, and is cut off by name', async () => {
    const { told, live } = endless()
    const said: string[] = []
    const { outgoing, answer } = open(live, (problem) => said.push(problem))
    const reader = (await answer).body!.getReader()
    for (let n = 0; n < 5; n += 1) await reader.read()
    await sleep(100)
    expect(told.count).toBeLessThan(20)
    expect(outgoing.destroyed).toBe(false)
    await vi.waitFor(() => expect(outgoing.destroyed).toBe(true))
    await vi.waitFor(() => expect(told.isOver).toBe(true))
    expect(said).toEqual(['A reader of /api/live had not read for 0.3 s and was cut off.'])
    expect(told.count).toBeLessThan(20)
  })

  it('is not taken for one who does', async () => {
    const { told, live } = endless()
    const said: string[] = []
    const { outgoing, answer } = open(live, (problem) => said.push(problem))
    const reader = (await answer).body!.getReader()
    for (let n = 0; n < 60; n += 1) {
      await reader.read()
      await sleep(10)
    }
    expect([outgoing.destroyed, said]).toEqual([false, []])
    expect(told.count).toBeGreaterThan(20)
    await reader.cancel()
    await vi.waitFor(() => expect(told.isOver).toBe(true))
  })
})
