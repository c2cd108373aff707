/** An outage fills no disk with lines about a full disk, and no line is lost without being counted. */
import { beforeEach, expect, it } from 'vitest'
import { createOutageLog } from '../../collector/outage-log.ts'

let now = 0
let lines: string[] = []
beforeEach(() => {
  now = 0
  lines = []
})
const open = () =>
  createOutageLog({
    isOutage: (error) => (error as Error).message.startsWith('disk'),
    log: (line) => lines.push(line),
    now: () => now,
  })

it('tells an outage at once, and the same one again after a minute, with how often it came', () => {
  const report = open()
  for (now = 0; now < 60_000; now += 1000) report(new Error('disk full'))
  expect(lines).toEqual(['Could not write: disk full'])
  report(new Error('disk full'))
  expect(lines.slice(1)).toEqual([
    'Could not write: disk full',
    'Since it was last told, “disk full” came 59 times more.',
  ])
})

it('tells another outage at once, and what it had kept to itself', () => {
  const report = open()
  for (const message of ['disk full', 'disk full', 'disk gone', 'disk gone']) report(new Error(message))
  expect(lines).toEqual([
    'Could not write: disk full',
    'Could not write: disk gone',
    'Since it was last told, “disk full” came 1 times more.',
  ])
})

it('tells each mistake of ours, with where it was made', () => {
  const report = open()
  for (let n = 0; n < 2; n += 1) report(new Error('a mistake'))
  expect(lines).toHaveLength(2)
  expect(lines[0]).toContain('outage-log.test.ts')
})
