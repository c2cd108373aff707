/** Retention, whatever the store: what is old goes, who is still about stands where they stood, and who is not ends. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SiteSettings } from '../../collector/store/store.ts'
import { replayed } from '../../shared/append.ts'
import type { LedgerEntry } from '../../shared/award.ts'
import { DEFAULT_MODEL } from '../../shared/default-model.ts'
import { scoreAt } from '../../shared/score.ts'
import { secrets, telling } from '../collector/traces.ts'
import { eventsOf, history } from '../shared/histories.ts'
import type { EndingStore, OpenEnding } from './ending-store.ts'
import { DAY, event, from, NOON } from './events.ts'

export const describeRetention = (name: string, open: OpenEnding): void => {
  describe(`retention on ${name}`, { timeout: 120_000 }, () => {
    const openStore = (settings: Partial<SiteSettings> = {}) => open({ settings: { retentionDays: 90, ...settings } })
    const page = (id: string, at: number) => event('page', { id, at, view: id, signal: 'pricing', funnel: 'bofu' })
    const stateOf = async ({ views, edition }: EndingStore, ref: string, at: number) => {
      const state = (await views.visitor(ref))?.state
      if (state) edition().foldOf('default').advance(state, at, { transitions: [] })
      return state
    }

    describe('somebody who is still about', () => {
      it('stands where they stood, whatever they did, and a replay of what is left finds them there', async () => {
        await fc.assert(
          fc.asyncProperty(history(25), fc.integer({ min: 1, max: 300 }), async (steps, days) => {
            const store = await openStore({ retentionDays: days })
            try {
              const events = eventsOf(steps)
              const end = events.at(-1)!.at + 1
              for (const each of events) await store.log.append([from('ann', each)], [])
              const before = await stateOf(store, 'ann', end)
              await store.pass(end)
              const left = (await store.views.events((await store.views.visitor('ann'))!.id)).map(
                ({ event: each }) => each,
              )
              const old = left.filter(({ at, type }) => at < end - days * DAY && type !== 'opening')
              expect(old).toEqual([])
              expect(await stateOf(store, 'ann', end)).toEqual(before)
              const effects = { ledger: [] as LedgerEntry[], transitions: [] }
              const anew = replayed(store.edition().foldOf('default'), left, effects)!
              store.edition().foldOf('default').advance(anew, end, effects)
              expect({ ...anew, lastEvent: '' }).toEqual({ ...before!, lastEvent: '' })
              const sum = effects.ledger.reduce(
                (total, { applied, at }) => total + applied * 2 ** (-(end - at) / (DEFAULT_MODEL.halfLifeDays * DAY)),
                0,
              )
              expect(Math.min(100, Math.max(0, sum))).toBeCloseTo(scoreAt(anew.heat, end, DEFAULT_MODEL), 6)
            } finally {
              await store.close()
            }
          }),
          { numRuns: 25 },
        )
      })

      it('goes on from there: what comes next counts as if nothing had been deleted', async () => {
        const [whole, cut] = [await openStore({ retentionDays: undefined }), await openStore()]
        const visits = [0, 3, 20, 60, 95, 96].map((day, n) => page(`p${n}`, NOON + day * DAY))
        for (const store of [whole, cut]) {
          for (const each of visits.slice(0, 5)) await store.log.append([from('ann', each)], [])
          await store.pass(NOON + 95 * DAY + 1)
          await store.log.append([from('ann', visits[5]!)], [])
        }
        const at = NOON + 97 * DAY
        expect(await stateOf(cut, 'ann', at)).toEqual(await stateOf(whole, 'ann', at))
        expect(
          (await cut.views.events((await cut.views.visitor('ann'))!.id)).map(({ event: each }) => each.type),
        ).toEqual(expect.arrayContaining(['opening']))
        for (const store of [whole, cut]) await store.close()
      })

      it('is cut again and again, to one entry each time', async () => {
        const store = await openStore()
        for (let day = 0; day < 400; day += 40) {
          await store.log.append([from('ann', page(`p${day}`, NOON + day * DAY))], [])
          await store.pass(NOON + day * DAY + 1)
        }
        const left = await store.views.events((await store.views.visitor('ann'))!.id)
        expect(left.map(({ event: { type } }) => type).toSorted()).toEqual(['opening', 'page', 'page', 'page'])
        expect((await store.views.visitor('ann'))!.state.views).toBe(10)
        await store.close()
      })

      it('can be merged: both pasts count', async () => {
        const store = await openStore()
        for (const who of ['ann', 'bob'])
          for (const day of [0, 1, 95]) await store.log.append([from(who, page(`${who}${day}`, NOON + day * DAY))], [])
        await store.pass(NOON + 95 * DAY + 1)
        const [ann, bob] = [(await store.views.visitor('ann'))!, (await store.views.visitor('bob'))!]
        expect(await store.log.merge(bob.id, ann.id, NOON + 96 * DAY)).toBe(true)
        const { state } = (await store.views.visitor('ann'))!
        expect([state.views, state.firstSeen]).toEqual([6, NOON])
        await store.close()
      })
    })

    describe('somebody who was not seen for that long', () => {
      const ANN = secrets('ann')
      const meet = async (store: EndingStore): Promise<void> => {
        const told = event('identify', { id: 'told', traits: ANN.traits })
        await store.log.append([from(ANN.user, page('p', NOON)), from(ANN.user, told)], [])
        for (const n of [1, 2, 3, 4]) await store.log.append([from(`v${n}`, page(`${n}`, NOON + 80 * DAY))], [])
        await store.log.append([from(ANN.user, page('q', NOON), 'other')], [])
      }

      it('is there until the last day, and then nothing of them is, on that site alone', async () => {
        const store = await openStore()
        await meet(store)
        await store.pass(NOON + 90 * DAY)
        expect(telling(await store.rows(), ANN).length).toBeGreaterThan(2)
        await store.pass(NOON + 90 * DAY + 1)
        const rows = await store.rows()
        expect(telling(rows, { all: Object.values(ANN.traits) })).toEqual([])
        expect(await store.views.visitor(ANN.user, 'default')).toBeUndefined()
        expect((await store.views.visitor(ANN.user, 'other'))!.state.views).toBe(1)
        expect((await store.views.visitors({ sort: 'score', limit: 9, site: 'default' })).items).toHaveLength(4)
        expect(rows.filter(({ table }) => table === 'audit').map(({ text }) => text)).toEqual([
          expect.stringContaining('retention erase default null 1 people, 2 events'),
        ])
        await store.close()
      })

      it('is met anew when they come back, and refused to nobody', async () => {
        const store = await openStore()
        await meet(store)
        await store.pass(NOON + 91 * DAY)
        await store.log.append([from(ANN.user, page('again', NOON + 92 * DAY))], [])
        expect((await store.views.visitor(ANN.user, 'default'))!.state.views).toBe(1)
        await store.close()
      })

      it('is nobody from then on, where the site says so, and is left at that', async () => {
        const store = await openStore({ expiry: 'anonymize' })
        await meet(store)
        await store.pass(NOON + 91 * DAY)
        expect(telling(await store.rows(), { all: Object.values(ANN.traits) })).toEqual([])
        const { items } = await store.views.visitors({ sort: 'score', limit: 9, site: 'default' })
        expect(items).toHaveLength(5)
        const after = await store.rows()
        await store.pass(NOON + 92 * DAY)
        const nobody = (rows: Awaited<ReturnType<EndingStore['rows']>>) =>
          rows.filter(({ table }) => table === 'event').map(({ text }) => text)
        expect(nobody(await store.rows())).toEqual(nobody(after))
        await store.close()
      })

      it('goes with what of theirs was rejected, and no number is given twice', async () => {
        const store = await openStore()
        await meet(store)
        await store.log.append([], [{ at: NOON, site: 'default', id: 'x', code: 'invalid', message: 'm' }])
        const head = await store.views.head()
        await store.pass(NOON + 200 * DAY)
        expect((await store.views.rejected(9)).items).toEqual([])
        expect(await store.views.head()).toBeGreaterThanOrEqual(head)
        await store.close()
      })
    })

    it('a day goes by between two passes, unless a site changes its mind', async () => {
      const store = await openStore()
      await store.log.append([from('ann', page('p', NOON))], [])
      await store.pass(NOON + 89 * DAY)
      store.clock.at = NOON + 90 * DAY - 1
      await store.tend()
      store.clock.at = NOON + 90 * DAY + 1
      expect(await store.views.visitor('ann')).toBeDefined()
      await store.tend()
      expect(await store.views.visitor('ann')).toBeUndefined()
      await store.close()
    })
  })
}
