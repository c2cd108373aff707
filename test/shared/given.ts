/** Short ways to write histories: days after a noon, names of signals. */
import type { Effects, LedgerEntry, Transition } from '../../shared/award.ts'
import { DEFAULT_MODEL } from '../../shared/default-model.ts'
import { inOrder, type VisitorEvent } from '../../shared/event.ts'
import type { Model } from '../../shared/model.ts'
import { rawAt, scoreAt } from '../../shared/score.ts'
import type { VisitorState } from '../../shared/state.ts'
import { createFold } from '../../shared/visitor.ts'

export const DAY = 86_400_000
/** Day 0: noon, UTC. */
export const NOON = Date.UTC(2026, 0, 5, 12)
export const day = (days: number): number => NOON + Math.round(days * DAY)

type Fields = { readonly [name: string]: unknown }

let count = 0
/** An event of `type`, `days` after noon; ids ascend as written, so that events of one instant keep their order. */
export const event = (days: number, type: VisitorEvent['type'], fields: Fields = {}): VisitorEvent => {
  count += 1
  return { id: `e${String(count).padStart(6, '0')}`, at: day(days), source: 'server', type, ...fields } as VisitorEvent
}
export const page = (days: number, signal?: string, fields: Fields = {}) =>
  event(days, 'page', { ...(signal && { signal }), ...fields })
/** A page that was read long enough to count. */
export const read = (days: number, signal: string) => page(days, signal, { seconds: 40, scroll: 80 })
export const track = (days: number, name: string, fields: Fields = {}) => event(days, 'track', { name, ...fields })
export const identify = (days: number, traits: Fields = { email: 'ann@acme.example' }) =>
  event(days, 'identify', { traits })

export interface Told {
  readonly state: VisitorState
  readonly score: number
  readonly raw: number
  readonly stage: string
  readonly qualification: string
  readonly ledger: readonly LedgerEntry[]
  readonly transitions: readonly Transition[]
  /** Applied points by signal, summed. */
  readonly applied: Readonly<Record<string, number>>
}

/** Folds what had happened by then, and lets time run until then. */
export const told = (events: readonly VisitorEvent[], days: number, model: Model = DEFAULT_MODEL): Told => {
  const fold = createFold(model)
  const effects = { ledger: [] as LedgerEntry[], transitions: [] as Transition[] } satisfies Effects
  const past = events.filter(({ at }) => at <= day(days)).toSorted(inOrder)
  const state = past.reduce<VisitorState | undefined>((before, each) => fold.fold(before, each, effects), undefined)
  if (!state) throw new Error('nothing had happened by then')
  fold.advance(state, day(days), effects)
  const applied: Record<string, number> = {}
  for (const row of effects.ledger) applied[row.signal] = (applied[row.signal] ?? 0) + row.applied
  return {
    state,
    score: scoreAt(state.heat, day(days), model),
    raw: rawAt(state.heat, day(days), model),
    stage: state.stage,
    qualification: state.qualification,
    ...effects,
    applied,
  }
}
