/** When a message is tried again, and when it is given up. Pure: clock and dice are given. */
import type { DeliveryState } from '../store/store.ts'
import type { Verdict } from './plan.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** How long after each failure it is tried again: ten tries over about three days. */
export const DELAYS: readonly number[] = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  18 * HOUR,
  24 * HOUR,
]
/** Tries, the first included. */
export const MOST_TRIES = DELAYS.length + 1

/** A receiver may ask for patience, but not for a message to be forgotten. */
const MOST_PATIENCE = 24 * HOUR

export interface Tried {
  /** Tries so far, this one included. */
  readonly tries: number
  readonly verdict: Verdict
  readonly now: number
  /** From 0 up to 1: spreads those that failed together. */
  readonly dice: number
}

export interface Next {
  readonly state: DeliveryState
  readonly dueAt: number
  readonly outcome: string
  /** The receiver wants nothing more. */
  readonly ends?: string
}

export const nextTry = ({ tries, verdict, now, dice }: Tried): Next => {
  const { outcome } = verdict
  if (verdict.is === 'delivered') return { state: 'delivered', dueAt: now, outcome }
  if (verdict.is === 'gone') return { state: 'dead', dueAt: now, outcome, ends: outcome }
  const delay = DELAYS[tries - 1]
  if (delay === undefined) return { state: 'dead', dueAt: now, outcome }
  const patience = Math.min(verdict.retryAfter ?? 0, MOST_PATIENCE)
  // A tenth more or less, and never sooner than asked.
  return { state: 'pending', dueAt: now + Math.round(Math.max(delay * (0.9 + 0.2 * dice), patience)), outcome }
}
