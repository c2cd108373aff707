/** What every result of ingest must be, whatever went in. */
import { expect } from 'vitest'
import { type Batch, isRefusal, REJECTION_CODES, type Refusal } from '../../collector/ingest/batch.ts'
import { LIMITS } from '../../collector/ingest/limits.ts'
import { DAY, RECEIVED } from './arrival.ts'

const PROTOTYPE = Object.getOwnPropertyNames(Object.prototype).sort().join()
const FORBIDDEN = ['__proto__', 'constructor', 'prototype']
/** Beside what the wire said: source, the names of our own fields, campaign parameters moved into the URL. */
const OVERHEAD = 8 * 1024

const isSound = (text: string) => text.isWellFormed() && !text.includes('\0')

/** What is wrong inside a value; undefined when nothing is. */
const flaw = (value: unknown): string | undefined => {
  if (typeof value === 'string') return isSound(value) ? undefined : `text ${JSON.stringify(value)}`
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : `number ${value}`
  if (typeof value !== 'object' || value === null)
    return ['function', 'bigint', 'symbol'].includes(typeof value) ? typeof value : undefined
  for (const key of Object.getOwnPropertyNames(value)) {
    if (Array.isArray(value) && key === 'length') continue
    if (FORBIDDEN.includes(key) || !isSound(key)) return `key ${JSON.stringify(key)}`
    const inside = flaw((value as Record<string, unknown>)[key])
    if (inside) return inside
  }
}

const checkEvent = ({ event, who }: Batch['events'][number]): void => {
  expect(event.id.length > 0 && [...event.id].length <= 255).toBe(true)
  expect(Number.isInteger(event.at) && event.at <= RECEIVED).toBe(true)
  if (event.source === 'browser') expect(event.at).toBeGreaterThanOrEqual(RECEIVED - 30 * DAY)
  expect(event.at).toBeGreaterThanOrEqual(0)
  expect(who.anonymous ?? who.user).toBeTruthy()
  expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThanOrEqual(LIMITS.event + OVERHEAD)
}

/** Throws unless the result is a refusal, or a batch of sound events and closed verdicts, one each. */
export const checkResult = (result: Batch | Refusal): void => {
  expect(Object.getOwnPropertyNames(Object.prototype).sort().join()).toBe(PROTOTYPE)
  expect(flaw(result)).toBeUndefined()
  if (isRefusal(result)) {
    expect([400, 413]).toContain(result.status)
    return
  }
  const indices = [...result.events, ...result.rejected].map(({ index }) => index).sort((a, b) => a - b)
  expect(indices).toEqual(indices.map((_, n) => n))
  result.events.forEach(checkEvent)
  for (const { code, message } of result.rejected)
    expect(REJECTION_CODES.includes(code) && message.length < 200).toBe(true)
}
