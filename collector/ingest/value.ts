/** JSON rebuilt: clean text, finite numbers, and no key that means something to the language. */
import type { Json, Traits } from '../../shared/event.ts'
import { clean } from './text.ts'

const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype'])

const plain = (value: unknown): Json => {
  if (typeof value === 'string') return clean(value)
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value === 'boolean') return value
  if (typeof value !== 'object' || value === null) return null
  return Array.isArray(value) ? value.map(plain) : plainObject(value)
}

/** A copy of an object out of JSON that is not too deep (see `deeper`). */
export const plainObject = (value: object): Traits => {
  const copy: Record<string, Json> = {}
  for (const [name, item] of Object.entries(value)) {
    const key = clean(name)
    if (!FORBIDDEN.has(key)) copy[key] = plain(item)
  }
  return copy
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
