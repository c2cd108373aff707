/** What must hold for every history, tried on random ones. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { replayed } from '../../shared/append.ts'
import type { LedgerEntry, Transition } from '../../shared/award.ts'
import { inOrder, type VisitorEvent } from '../../shared/event.ts'
import type { Model } from '../../shared/model.ts'
import { explain } from '../../shared/present.ts'
import { heatKey, scoreAt } from '../../shared/score.ts'
import type { VisitorState } from '../../shared/state.ts'
import { createFold } from '../../shared/visitor.ts'
import { DAY, identify, NOON, page, told } from './given.ts'
import { arrivals, eventsOf, gap, history, MODELS, type Step } from './histories.ts'
import { createMemoryStore } from './memory-store.ts'

const RUNS = process.env.GATES === 'full' ? 20_000 : 1000
const TOLERANCE = 1e-9
const settings = { numRuns: RUNS }

const worlds = MODELS.map((model) => ({ model, fold: createFold(model), [fc.toStringMethod]: () => model.timeZone }))
const world = fc.constantFrom(...worlds)
type World = (typeof worlds)[number]

const noEffects = () => ({ ledger: [] as LedgerEntry[], transitions: [] as Transition[] })

/** The state at an instant, from what had happened by then. */
const stateAt = ({ fold }: World, events: readonly VisitorEvent[], at: number) => {
  const effects = noEffects()
  const past = events.filter((event) => event.at <= at)
  const state = replayed(fold, past, effects)
  if (state) fold.advance(state, at, effects)
  return { state, ...effects }
}

/** Numbers are equal within the tolerance, all else exactly; a field that is undefined is as good as absent. */
const isSame = (a: unknown, b: unknown): boolean => {
  if (typeof a === 'number' && typeof b === 'number')
    return a === b || Math.abs(a - b) <= TOLERANCE * Math.max(1, Math.abs(a))
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
  const keys = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...keys].every((key) => isSame(a[key as never], b[key as never]))
}

const expectSame = (a: unknown, b: unknown): void => {
  if (!isSame(a, b)) expect(a).toEqual(b)
}

/** Lets the news arrive, with time running in between; answers the store. */
const live = ({ fold }: World, steps: readonly Step[]) => {
  const store = createMemoryStore(fold)
  let newest = NOON
  for (const { event, wake } of arrivals(steps)) {
    newest = Math.max(newest, event.at)
    if (wake !== undefined) for (const profile of store.survivors()) store.wake(profile, newest + wake)
    store.append([{ site: 's', who: { user: 'u' }, event }])
  }
  return store
}

/** Each step of a path begins where the one before ended. */
const expectPath = (transitions: readonly Transition[], what: 'stage' | 'qualification', end: string): void => {
  const steps = transitions.filter((each) => each.what === what)
  const places = [what === 'stage' ? 'awareness' : 'anonymous', ...steps.map(({ to }) => to)]
  expect(steps.map(({ from }) => from)).toEqual(places.slice(0, -1))
  expect(places.at(-1)).toBe(end)
  for (const { from, to } of steps) expect(from).not.toBe(to)
}

const whole = (events: readonly VisitorEvent[]) => events.at(-1)!.at + 60 * DAY

describe('whatever the order of arrival', () => {
  it('the live state is the replayed one, and the recorded path has no jumps', () => {
    fc.assert(
      fc.property(world, history(), (world, steps) => {
        const store = live(world, steps)
        const [profile] = store.survivors()
        const end = whole(eventsOf(steps))
        store.wake(profile!, end)
        expectSame(profile!.state, stateAt(world, eventsOf(steps), end).state)
        expectPath(store.recorded(profile!), 'stage', profile!.state!.stage)
        expectPath(store.recorded(profile!), 'qualification', profile!.state!.qualification)
      }),
      settings,
    )
  })

  it('time may be let run in any steps', () => {
    fc.assert(
      fc.property(world, history(), gap, gap, (world, steps, first, second) => {
        const events = eventsOf(steps)
        const [middle, end] = [events.at(-1)!.at + first, events.at(-1)!.at + first + second]
        const twice = stateAt(world, events, middle)
        world.fold.advance(twice.state!, end, twice)
        const once = stateAt(world, events, end)
        expectSame(twice, once)
      }),
      settings,
    )
  })
})

describe('the score', () => {
  const instants = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 })

  it('is the sum of its explanation at every past instant, and within its bounds', () => {
    fc.assert(
      fc.property(world, history(), instants, (world, steps, parts) => {
        const events = eventsOf(steps)
        for (const part of parts) {
          const at = Math.round(NOON + part * (whole(events) - NOON))
          const { state, ledger } = stateAt(world, events, at)
          if (!state) continue
          const score = scoreAt(state.heat, at, world.model)
          const told = explain(ledger, at, { model: world.model, pages: () => ({}) })
          expect(told.score).toBeCloseTo(score, 9)
          expect(told.items.reduce((sum, { value }) => sum + value, 0)).toBe(told.sum)
          expect(score).toBeGreaterThanOrEqual(0)
          expect(score).toBeLessThanOrEqual(100)
        }
      }),
      settings,
    )
  })

  it('keeps each group within its cap at every row, and decay never raises it', () => {
    fc.assert(
      fc.property(world, history(), gap, gap, ({ model, fold }, steps, first, second) => {
        let state: VisitorState | undefined
        for (const event of eventsOf(steps)) {
          state = fold.fold(state, event, noEffects())
          expectWithin(state, model)
        }
        const { heat } = state!
        const [sooner, later] = [heat.at + first, heat.at + first + second]
        expect(scoreAt(heat, later, model)).toBeLessThanOrEqual(scoreAt(heat, sooner, model))
      }),
      settings,
    )
  })

  it('orders by its key, now and in a year', () => {
    fc.assert(
      fc.property(world, history(15), history(15), (world, some, others) => {
        const [a, b] = [some, others].map(
          (steps) => stateAt(world, eventsOf(steps), whole(eventsOf(steps))).state!.heat,
        )
        const [keyA, keyB] = [heatKey(a!, world.model), heatKey(b!, world.model)]
        const start = Math.max(a!.at, b!.at)
        for (const at of [start, start + 365 * DAY]) {
          const [scoreA, scoreB] = [scoreAt(a!, at, world.model), scoreAt(b!, at, world.model)]
          expect(scoreA > 0).toBe(keyA !== undefined)
          if (keyA === undefined || keyB === undefined || Math.abs(keyA - keyB) < 1e-9) continue
          expect(scoreA > scoreB).toBe(keyA > keyB)
        }
      }),
      settings,
    )
  })

  it('does not make a hot lead of 600 looks at prices in a day', () => {
    const instant = fc.integer({ min: 0, max: DAY - 1 })
    fc.assert(
      fc.property(fc.array(instant, { minLength: 600, maxLength: 600 }), (times) => {
        const views = times.toSorted((a, b) => a - b).map((time) => page(time / DAY, 'pricing'))
        const { score, stage, qualification } = told([identify(0), ...views], 1)
        expect(score).toBeLessThan(50)
        expect(['interest', 'evaluation']).toContain(stage)
        expect(qualification).toBe('iql')
      }),
      { numRuns: RUNS / 50, endOnFailure: true },
    )
  })
})

describe('the path of a visitor', () => {
  it('has no jumps, and never goes back in time', () => {
    fc.assert(
      fc.property(world, history(), (world, steps) => {
        const events = eventsOf(steps)
        const { state, transitions } = stateAt(world, events, whole(events))
        expectPath(transitions, 'stage', state!.stage)
        expectPath(transitions, 'qualification', state!.qualification)
        expect(transitions.map(({ at }) => at)).toEqual(transitions.map(({ at }) => at).toSorted((a, b) => a - b))
        const flags = new Set<string>(state!.flags.automated === undefined ? [] : ['automated'])
        for (const { from, to } of transitions.filter(({ what }) => what === 'flag')) {
          if (to) flags.add(to)
          else flags.delete(from)
        }
        expect([...flags].sort()).toEqual(Object.keys(state!.flags).sort())
      }),
      settings,
    )
  })
})

const expectWithin = ({ heat }: VisitorState, { caps }: Model): void => {
  for (const group of ['discover', 'engage', 'evaluate', 'intent'] as const) {
    expect(heat[group]).toBeGreaterThanOrEqual(0)
    expect(heat[group]).toBeLessThanOrEqual(caps[group] + TOLERANCE)
  }
  expect(heat.penalty).toBeLessThanOrEqual(0)
  expect(heat.penalty).toBeGreaterThanOrEqual(caps.penalty - TOLERANCE)
}

describe('events of one instant', () => {
  it('are folded in the order of their ids', () => {
    const pair = [page(0, 'pricing'), page(0, 'careers')]
    expect(pair.toReversed().toSorted(inOrder)).toEqual(pair)
  })
})
