/** Who is who, over random histories: names that come and go, merges by hand and undone, news out of order. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Profile, replayed } from '../../shared/append.ts'
import { DEFAULT_MODEL } from '../../shared/default-model.ts'
import type { VisitorEvent } from '../../shared/event.ts'
import type { Who } from '../../shared/identity.ts'
import { createFold } from '../../shared/visitor.ts'
import { DAY } from './given.ts'
import { arrivals, history, type Step } from './histories.ts'
import { createMemoryStore, type MemoryStore } from './memory-store.ts'

const settings = { numRuns: process.env.GATES === 'full' ? 20_000 : 1000 }
const fold = createFold(DEFAULT_MODEL)

const name = (...names: readonly string[]) => fc.constantFrom(undefined, ...names)
const who = fc
  .record({ anonymous: name('a', 'b', 'c', 'null'), user: name('u', 'v', 'undefined'), also: name('a', 'u') })
  .filter(({ anonymous, user }) => anonymous !== undefined || user !== undefined)
const deed = fc.record({
  who,
  email: fc.constantFrom(undefined, undefined, 'u@x.example', 'v@x.example', 'info@x.example'),
  /** By hand, before this: joins two of those there are, or takes two apart. */
  hand: fc.option(fc.record({ join: fc.boolean(), a: fc.nat(), b: fc.nat() }), { nil: undefined, freq: 4 }),
})
const deeds = fc.array(deed, { minLength: 40, maxLength: 40 })
type Deed = { readonly who: Who; readonly email?: string | undefined; readonly hand?: Hand | undefined }
interface Hand {
  readonly join: boolean
  readonly a: number
  readonly b: number
}

const byHand = (store: MemoryStore, { join, a, b }: Hand, at: number): void => {
  const pool = join ? store.survivors() : store.merged()
  const first = pool[a % Math.max(1, pool.length)]
  const second = store.survivors()[b % Math.max(1, store.survivors().length)]
  if (!first || !second) return
  if (!join) store.unmerge(first, store.rootOf(first), at)
  else if (first !== second) store.merge(first, second, at)
}

const run = (steps: readonly Step[], deeds: readonly Deed[]): MemoryStore => {
  const store = createMemoryStore(fold)
  for (const [i, { event }] of arrivals(steps).entries()) {
    const { who, email, hand } = deeds[i % deeds.length]!
    if (hand) byHand(store, hand, event.at)
    store.append([{ site: 's', who, event: email && event.type === 'identify' ? told(event, email) : event }])
  }
  return store
}
const told = (event: VisitorEvent, email: string): VisitorEvent => ({ ...event, traits: { email } }) as VisitorEvent

/** Folding takes a state over, so each is brought to the end on a copy. */
const ended = (state: Profile['state'], at: number) => {
  const own = structuredClone(state)
  if (own) fold.advance(own, at, { transitions: [] })
  return own
}

describe('whoever they turn out to be', () => {
  it('each person is the fold of their events, and each event belongs to one person', () => {
    fc.assert(
      fc.property(history(25), deeds, (steps, deeds) => {
        const store = run(steps, deeds)
        const end = steps.at(-1)!.event.at + 60 * DAY
        const all = store.survivors().flatMap((profile) => store.historyOf(profile).map(({ id }) => id))
        expect(all.toSorted()).toEqual(steps.map(({ event }) => event.id).toSorted())
        for (const profile of store.survivors()) {
          const union = replayed(fold, store.historyOf(profile), { transitions: [] })
          expect(ended(profile.state, end)).toEqual(ended(union, end))
        }
      }),
      settings,
    )
  })

  it('the path recorded of each leads without a jump to where they stand', () => {
    fc.assert(
      fc.property(history(25), deeds, (steps, deeds) => {
        const store = run(steps, deeds)
        for (const profile of store.survivors())
          for (const [what, start] of [
            ['stage', 'awareness'],
            ['qualification', 'anonymous'],
          ] as const) {
            const path = store.recorded(profile).filter((each) => each.what === what)
            const places = [start, ...path.map(({ to }) => to)]
            expect(path.map(({ from }) => from)).toEqual(places.slice(0, -1))
            expect(places.at(-1)).toBe(profile.state?.[what] ?? start)
          }
      }),
      settings,
    )
  })

  it('two that are known by different ids are never joined but by hand', () => {
    fc.assert(
      fc.property(history(25), deeds, (steps, deeds) => {
        const told = deeds.map(({ who, ...rest }) => ({ ...rest, hand: undefined, who: { ...who, also: undefined } }))
        const store = run(steps, told)
        const owners = ['u', 'v'].map((value) => store.named({ kind: 'user', value }))
        if (owners[0] && owners[1]) expect(owners[0].id).not.toBe(owners[1].id)
        for (const value of ['null', 'undefined', 'info@x.example'])
          for (const kind of ['anonymous', 'user', 'email'] as const)
            expect(store.named({ kind, value })).toBeUndefined()
      }),
      settings,
    )
  })
})
