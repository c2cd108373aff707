/** Publishing, whatever the store: everyone as if the model had always scored, nothing lost that arrives meanwhile. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Arriving } from '../../shared/append.ts'
import { presetNamed } from '../../shared/presets.ts'
import { heatKey } from '../../shared/score.ts'
import { arrivals, history, MODELS } from '../shared/histories.ts'
import { addedOf, countsOf, everyone, type OpenEnding, type ReadStore, replayedOf } from './ending-store.ts'
import { DAY, NOON } from './events.ts'

export const expectReplay = async (store: ReadStore): Promise<void> => {
  const { edition, clock } = store
  await expectListed(store)
  for (const { id, site, state, modelVersion } of await everyone(store)) {
    edition().foldOf(site).advance(state, clock.at, { transitions: [] })
    expect(state).toEqual(await replayedOf(store, id, site))
    expect(modelVersion).toBe(edition().version)
  }
  expect(await countsOf(store)).toEqual(await addedOf(store))
}

/** Lists find people and put them in order by what stands beside the state: that must be of the same model. */
const expectListed = async ({ views, edition }: ReadStore): Promise<void> => {
  const { items } = await views.visitors({ sort: 'score', limit: 1000 })
  const keys = items.map(({ state }) => heatKey(state.heat, edition().model) ?? Number.NEGATIVE_INFINITY)
  expect(keys).toEqual(keys.toSorted((a, b) => b - a))
  for (const { id, state } of items) {
    const alike = await views.visitors({ sort: 'score', limit: 1000, stages: [state.stage] })
    expect(alike.items.map((each) => each.id)).toContain(id)
  }
}

const WHO = [{ anonymous: 'a' }, { anonymous: 'b' }, { anonymous: 'c' }, { anonymous: 'd', user: 'u1' }] as const

/** Several people, who may turn out to be one; their events in the order of arrival. */
export const arrivings = fc
  .array(fc.tuple(fc.constantFrom(...WHO), history(12)), { minLength: 2, maxLength: 5 })
  .map((people): readonly Arriving[] =>
    people.flatMap(([who, steps], person) =>
      arrivals(steps).map(({ event }) => ({ site: 'default', who, event: { ...event, id: `${person}-${event.id}` } })),
    ),
  )

const endOf = (arriving: readonly Arriving[]): number => Math.max(...arriving.map(({ event }) => event.at)) + DAY

const demo: Arriving = {
  site: 'default',
  who: { anonymous: 'a' },
  event: { id: 'e1', at: NOON, source: 'server', type: 'track', name: 'demo_request' },
}
const mail: Arriving = {
  site: 'default',
  who: { anonymous: 'a' },
  event: { id: 'e2', at: NOON, source: 'server', type: 'identify', traits: { email: 'ann@acme.example' } },
}
const strict = presetNamed('standard', 'strict')

export const describePublishing = (name: string, open: OpenEnding, runs: number): void => {
  describe(`publishing on ${name}`, { timeout: 180_000 }, () => {
    it('makes everyone as if the model had always scored, whatever arrives meanwhile', async () => {
      const cases = fc.tuple(arrivings, fc.constantFrom(...MODELS), fc.constantFrom(...MODELS), fc.nat(100))
      await fc.assert(
        fc.asyncProperty(cases, async ([arriving, old, next, share]) => {
          const store = await open({ model: old })
          const before = Math.floor((arriving.length * share) / 100)
          store.clock.at = endOf(arriving)
          await store.log.append(arriving.slice(0, before), [])
          const rest = arriving.slice(before)
          await store.publish(next, async () => {
            const each = rest.shift()
            if (each) await store.log.append([each], [])
          })
          await store.log.append(rest, [])
          while ((await store.log.wake(store.clock.at, 100)) > 0);
          await expectReplay(store)
          expect((await store.views.read(0, 1000)).filter(({ what }) => 'event' in what)).toHaveLength(
            new Set(arriving.map(({ event }) => event.id)).size,
          )
          await store.close()
        }),
        { numRuns: runs },
      )
    })

    it('keeps who was merged and taken apart meanwhile as they are then', async () => {
      const cases = fc.tuple(arrivings, fc.array(fc.constantFrom('merge', 'unmerge', 'none'), { maxLength: 8 }))
      await fc.assert(
        fc.asyncProperty(cases, async ([arriving, deeds]) => {
          const store = await open({ model: presetNamed('standard') })
          store.clock.at = endOf(arriving)
          await store.log.append(arriving, [])
          const left = [...deeds]
          await store.publish(presetNamed('shop'), async () => {
            const deed = left.shift()
            const [one, other] = await everyone(store)
            if (deed === 'merge' && one && other) await store.log.merge(other.id, one.id, store.clock.at)
            if (deed === 'unmerge' && one) await store.log.unmerge(one.id, store.clock.at)
          })
          while ((await store.log.wake(store.clock.at, 100)) > 0);
          await expectReplay(store)
          await store.close()
        }),
        { numRuns: runs },
      )
    })

    it('is undone by publishing the former document again', async () => {
      await fc.assert(
        fc.asyncProperty(arrivings, async (arriving) => {
          const store = await open({ model: presetNamed('standard') })
          store.clock.at = endOf(arriving)
          await store.log.append(arriving, [])
          await store.publish(presetNamed('standard'))
          const before = await everyone(store)
          await store.publish(presetNamed('agency'))
          await store.publish(presetNamed('standard'))
          expect((await everyone(store)).map(({ state }) => state)).toEqual(before.map(({ state }) => state))
          await store.close()
        }),
        { numRuns: Math.ceil(runs / 3) },
      )
    })
  })

  describe(`a change of model on ${name}`, () => {
    it('is one transition for what changed of each visitor, told apart from what happened', async () => {
      const store = await open({ model: presetNamed('standard') })
      await store.log.append([demo, mail], [])
      await store.log.append([{ ...demo, who: { anonymous: 'b' }, event: { ...demo.event, id: 'e3' } }], [])
      const ann = await store.views.visitor('a')
      const other = await store.views.visitor('b')
      const history = await store.views.transitions(ann!.id)
      await store.publish(strict)
      const now = (await store.views.transitions(ann!.id)).toSorted((a, b) => a.seq - b.seq)
      expect(now.slice(0, -1)).toEqual(history.toSorted((a, b) => a.seq - b.seq))
      expect(now.at(-1)).toMatchObject({
        ...{ what: 'qualification', from: 'sql', to: 'mql', rule: 'model 2', cause: 'model', modelVersion: 2 },
        ...{ at: store.clock.at, score: 45 },
      })
      expect((await store.views.transitions(other!.id)).filter(({ cause }) => cause === 'model')).toEqual([])
      await store.close()
    })

    it('is read in the log after all that happened before, and wakes who listens', async () => {
      const store = await open({ model: presetNamed('standard') })
      await store.log.append([demo, mail], [])
      const head = await store.views.head()
      await store.publish(strict)
      const [entry, ...more] = await store.views.read(head, 10)
      expect(more).toEqual([])
      expect(entry?.what).toMatchObject({ transition: { cause: 'model', to: 'mql' } })
      expect((await store.views.changed(head, await store.views.head(), 10)).map(({ seq }) => seq)).toEqual([
        entry?.seq,
      ])
      await store.log.append([{ ...demo, event: { ...demo.event, id: 'e9' } }], [])
      expect((await store.views.read(entry!.seq, 10)).length).toBeGreaterThan(0)
      await store.close()
    })

    it('retires the former version and says who approved it and why', async () => {
      const store = await open({ model: presetNamed('standard') })
      await store.publish(strict)
      expect(await store.models.versions()).toMatchObject([
        { version: 2, state: 'published', author: 'Ann', approver: 'Bob', reason: 'it is better' },
        { version: 1, state: 'retired' },
      ])
      await store.close()
    })

    it('that is given up leaves the former one at work, and can be done again', async () => {
      const store = await open({ model: presetNamed('standard') })
      await store.log.append([demo, mail], [])
      const before = await everyone(store)
      const refuse = async (): Promise<void> => {
        throw new Error('given up')
      }
      await expect(store.publish(strict, refuse)).rejects.toThrow('given up')
      expect(await everyone(store)).toEqual(before)
      await store.log.append([{ ...demo, event: { ...demo.event, id: 'e4' } }], [])
      await store.publish(strict)
      await expectReplay(store)
      await store.close()
    })
  })
}
