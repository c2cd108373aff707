/** How much of everything is taken. Exactly at a limit passes, one over does not. */
import type { Issue } from './batch.ts'

export const LIMITS = {
  /** Bytes of a body, after decompression. */
  body: 500 * 1024,
  /** Bytes of one event, as JSON without white space, with the context it inherits from its batch. */
  event: 32 * 1024,
  /** Events of a batch that are looked at. */
  events: 2500,
  /** Events that are answered one by one; a body with more is refused whole, lest the answer outgrow it. */
  answered: 10_000,
  /** Levels of an event, itself being the first. */
  depth: 32,
} as const

const encoder = new TextEncoder()

/** Whether a text takes more than so many bytes of UTF-8; counts only when its length leaves it open. */
export const exceeds = (text: string, bytes: number): boolean =>
  text.length > bytes || (text.length * 3 > bytes && encoder.encode(text).length > bytes)

/** Whether a value nests deeper than so many levels. Never itself goes deeper than that. */
export const deeper = (value: unknown, levels: number): boolean => {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  if (Array.isArray(value)) return value.some((item) => deeper(item, levels - 1))
  for (const key in value) if (deeper((value as Record<string, unknown>)[key], levels - 1)) return true
  return false
}

/**
 * One character of a body makes at most six of an event written again (a lone surrogate; `1e20` is the worst number),
 * so that the events of a small body need not be written to be measured.
 */
const fitsAnyway = (body: string) => body.length * 6 <= LIMITS.event

/** What is wrong with the bulk of an event. `inherited` counts as part of it. */
export const bulk = (item: object, body: string, inherited?: unknown): Issue | undefined => {
  if (deeper(item, LIMITS.depth) || deeper(inherited, LIMITS.depth - 1))
    return { code: 'too_deep', message: `an event takes at most ${LIMITS.depth} levels` }
  if (fitsAnyway(body)) return
  const text = JSON.stringify(item) + (inherited === undefined ? '' : JSON.stringify(inherited))
  if (exceeds(text, LIMITS.event)) return { code: 'too_large', message: `an event takes at most ${LIMITS.event} bytes` }
}
