/** What an operator sees: counts that are right, and nothing of any person, in figures or in lines of the log. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../../collector/config.ts'
import { createLog } from '../../collector/log.ts'
import { isOnPostgres } from '../database.ts'
import { ADMIN, BROWSER, beacon, type Collector, startCollector } from './collector.ts'

let collector: Collector
beforeAll(async () => {
  collector = await startCollector()
})
afterAll(() => collector.end())

const metrics = async (): Promise<Readonly<Record<string, number>>> => {
  const { text } = await collector.ask('/metrics', { token: ADMIN })
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]))
}
const CANARY = 'kanarienvogel'
const send = (events: readonly object[], visitor: string) =>
  collector.ask('/e', { method: 'POST', headers: BROWSER, body: beacon(collector.key(), events, { visitor }) })

it('counts what was taken, what was known and what was refused', async () => {
  const twice = { id: 'once', type: 'page', url: `https://x.example/${CANARY}?email=${CANARY}@x.example` }
  await send([twice, { type: 'identify', traits: { email: `${CANARY}@x.example`, name: CANARY } }], CANARY)
  await send([twice, { type: 'fly' }], CANARY)
  await collector.ask('/e', { method: 'POST', headers: BROWSER, body: beacon(CANARY, [twice]) })
  const found = await metrics()
  expect(found).toMatchObject({
    'leadlight_events_total{outcome="accepted"}': 2,
    'leadlight_events_total{outcome="duplicate"}': 1,
    'leadlight_bodies_total{status="200"}': 2,
    'leadlight_bodies_total{status="401"}': 1,
    leadlight_commit_seconds_count: 3,
    leadlight_queue_bodies: 0,
    'leadlight_visitors{stage="awareness",qualification="iql"}': 1,
  })
  const refused = Object.entries(found).filter(([name]) => name.startsWith('leadlight_rejected_total'))
  expect(refused.reduce((sum, [, n]) => sum + n, 0)).toBe(2)
  // A server keeps its own.
  expect(found.leadlight_wal_bytes! > 0).toBe(!isOnPostgres)
  expect(found.leadlight_database_bytes).toBeGreaterThan(0)
})

it('forgets a stage that nobody is at any more', async () => {
  await send([{ type: 'form', form: 'f', step: 'submit', signal: 'demo_request' }], CANARY)
  const found = await metrics()
  expect(found['leadlight_visitors{stage="awareness",qualification="iql"}']).toBeUndefined()
  expect(found['leadlight_visitors{stage="intent",qualification="sql"}']).toBe(1)
})

it('says nothing of any person', async () => {
  const { text, headers } = await collector.ask('/metrics', { token: ADMIN })
  expect(text).not.toContain(CANARY)
  expect(text).not.toContain('x.example')
  expect(headers.get('content-type')).toMatch(/^text\/plain/)
})

it.each([[''], ['unknown']])('is for who has a key: %j has not', async (token) => {
  expect((await collector.ask('/metrics', { token })).status).toBe(401)
})

describe('the log', () => {
  const lines: string[] = []
  const log = (format: 'text' | 'json') =>
    createLog({ format, write: (line) => lines.push(line), now: () => Date.UTC(2026, 0, 2) })

  it('is text for people, or a JSON object per line', () => {
    const problem = 'TypeError: x\n    at one\n    at two'
    log('text')(problem)
    log('json')(problem)
    log('json')('Could not write: disk full')
    expect(lines[0]).toBe(problem)
    expect(lines.slice(1).map((line) => JSON.parse(line))).toEqual([
      { time: '2026-01-02T00:00:00.000Z', level: 'error', message: 'TypeError: x', stack: ['at one', 'at two'] },
      { time: '2026-01-02T00:00:00.000Z', level: 'error', message: 'Could not write: disk full' },
    ])
    expect(lines.slice(1).every((line) => !line.includes('\n'))).toBe(true)
  })

  it('takes its form from LEADLIGHT_LOG', () => {
    expect(readConfig({}).logFormat).toBe('text')
    expect(readConfig({ LEADLIGHT_LOG: 'json' }).logFormat).toBe('json')
    expect(() => readConfig({ LEADLIGHT_LOG: 'xml' })).toThrow('LEADLIGHT_LOG takes text or json')
  })
})
