/** Erasing, whatever the store: nothing of them is left anywhere, or it is nobody's; and they are refused from then on. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { presetNamed } from '../../shared/presets.ts'
import { secrets, telling } from '../collector/traces.ts'
import { addedOf, countsOf, type EndingStore, everyone, movesOf, type OpenEnding, replayedOf } from './ending-store.ts'
import { DAY, event, from, NOON } from './events.ts'

const ANN = secrets('ann')
const PHONE = 'canary-ann-phone'
const LAPTOP = 'canary-ann-laptop'
const HERS = { all: [...ANN.all, PHONE, LAPTOP] }
const ERASE = { mode: 'erase', actor: 'test' } as const
const ANONYMIZE = { mode: 'anonymize', actor: 'test' } as const

const page = (id: string, path = 'pricing', at = NOON) =>
  event('page', { id, at, view: id, url: `https://shop.example/${path}`, signal: 'pricing', funnel: 'bofu' })
const told = (id: string, at = NOON) => event('identify', { id, at, source: 'server', traits: ANN.traits })

/** Ann, with two browsers that turned out to be hers, and all that a page can tell of her; and Bob. */
const meet = async ({ log }: EndingStore): Promise<void> => {
  const [phone, laptop] = [
    { anonymous: PHONE, user: ANN.user },
    { anonymous: LAPTOP, user: ANN.user },
  ]
  await log.append([from({ anonymous: PHONE }, page('1', `u/${ANN.word}`))], [])
  await log.append([from({ anonymous: LAPTOP }, page('2', `v/${ANN.word}`, NOON + 1))], [])
  await log.append([from(phone, told('3', NOON + 2)), from(laptop, told('4', NOON + 3))], [])
  const search = event('search', { id: '5', at: NOON + 4, query: ANN.word })
  const form = event('form', { id: '6', at: NOON + 5, traits: ANN.traits, signal: 'demo_request' })
  const note = event('track', { id: '7', at: NOON + 6, name: 'note', props: { about: ANN.word } })
  const seen = event('track', { id: '8', at: NOON + 7, name: 'demo_request' })
  await log.append(
    [search, form, note, seen].map((each) => from(phone, each)),
    [],
  )
  await log.append([from('bob', page('9', 'pricing', NOON + 8))], [])
  await log.append([], [{ at: NOON, site: 'default', id: `x-${ANN.email}`, code: 'invalid', message: 'no address' }])
}
const annIn = async ({ views }: EndingStore) => (await views.visitor(ANN.email))!

const expectSound = async (store: EndingStore): Promise<void> => {
  expect(await countsOf(store)).toEqual(await addedOf(store))
}

export const describeErasing = (name: string, open: OpenEnding): void => {
  describe(`erasing on ${name}`, { timeout: 120_000 }, () => {
    it('leaves no row that tells of them, in any table, and nobody else the poorer', async () => {
      const store = await open()
      await meet(store)
      const ann = await annIn(store)
      await store.log.tell(ann.id, event('feedback', { id: 'f', at: NOON + 9, verdict: 'meeting', reason: ANN.word }))
      const before = telling(await store.rows(), HERS)
      const tables = [...new Set(before.map(({ table }) => table))]
      expect(tables).toEqual(expect.arrayContaining(['event', 'name', 'rejected', 'transition', 'visitor']))
      expect(await store.erase([ann.id], ERASE)).toEqual({ people: 1, events: 9 })
      expect(telling(await store.rows(), { all: [...HERS.all, ann.id] })).toEqual([])
      expect((await everyone(store)).map(({ state }) => state.views)).toEqual([1])
      await expectSound(store)
      await store.close()
    })

    it('finds them by the id of any part, and says how many there were', async () => {
      const store = await open()
      await meet(store)
      const [merge] = await store.views.merges((await annIn(store)).id)
      expect(await store.erase([merge!.from, merge!.into], ERASE)).toEqual({ people: 1, events: 8 })
      expect(await store.erase([merge!.from], ERASE)).toEqual({ people: 0, events: 0 })
      await store.close()
    })

    it('makes the counts what they were before they came, also those of moves', async () => {
      const store = await open()
      await store.log.append([from('bob', page('0'))], [])
      const before = [await countsOf(store), await movesOf(store)]
      await meet(store)
      expect(await countsOf(store)).not.toEqual(before[0])
      await store.erase([(await annIn(store)).id], ERASE)
      await store.erase([(await everyone(store)).find(({ state }) => state.lastSeen > NOON)!.id], ERASE)
      await store.log.append([], [])
      expect(await countsOf(store)).toEqual(await addedOf(store))
      const moves = await movesOf(store)
      expect(moves.counted).toEqual(moves.recorded)
      await store.close()
    })

    it('counts no move less than none, where another model had moved them', async () => {
      const store = await open({ model: presetNamed('standard') })
      await meet(store)
      await store.publish(presetNamed('standard', 'strict'))
      const ann = await annIn(store)
      expect((await store.views.transitions(ann.id)).some(({ cause }) => cause === 'model')).toBe(true)
      await store.erase([ann.id], ERASE)
      const { counted, recorded } = await movesOf(store)
      expect(counted).toEqual(recorded)
      await expectSound(store)
      await store.close()
    })

    it('refuses them from then on, by each of their names, on that site alone', async () => {
      const store = await open()
      await meet(store)
      await store.erase([(await annIn(store)).id], ERASE)
      expect(store.isErased('default', { anonymous: PHONE }, undefined)).toBe(true)
      expect(store.isErased('default', { anonymous: LAPTOP }, undefined)).toBe(true)
      expect(store.isErased('default', { anonymous: 'new', user: ANN.user }, undefined)).toBe(true)
      expect(store.isErased('default', { anonymous: 'new' }, ANN.email.toUpperCase())).toBe(true)
      expect(store.isErased('other', { anonymous: PHONE }, ANN.email)).toBe(false)
      expect(store.isErased('default', { anonymous: 'bob' }, undefined)).toBe(false)
      await store.close()
    })

    it('notes who did it, and of whom no more than a hash', async () => {
      const store = await open()
      await meet(store)
      await store.erase([(await annIn(store)).id], ERASE)
      const audit = (await store.rows()).filter(({ table }) => table === 'audit')
      expect(audit.map(({ text }) => text)).toEqual([expect.stringMatching(/ test erase default [0-9a-f]{64} null$/)])
      await store.close()
    })

    it('leaves nobody in their place where the counts are to stay, as a replay finds them', async () => {
      const store = await open()
      await meet(store)
      const ann = await annIn(store)
      await store.log.tell(ann.id, event('feedback', { id: 'f', at: NOON + 9, verdict: 'meeting', reason: ANN.word }))
      store.clock.at = NOON + DAY
      const before = await store.rows()
      expect(await store.erase([ann.id], ANONYMIZE)).toEqual({ people: 1, events: 9 })
      const rows = await store.rows()
      expect(telling(rows, { all: [...HERS.all, ann.id] })).toEqual([])
      const count = (some: typeof rows, table: string) => some.filter((row) => row.table === table).length
      for (const table of ['event', 'transition', 'feedback']) expect(count(rows, table)).toBe(count(before, table))
      const nobody = (await everyone(store)).find(({ state }) => state.views === 2)!
      expect(nobody.state).toEqual(await replayedOf(store, nobody.id, 'default'))
      expect(nobody.state).toMatchObject({ traits: {}, stage: ann.state.stage })
      await expectSound(store)
      await store.publish(presetNamed('shop'))
      await expectSound(store)
      await store.close()
    })

    it('works while another model is being built, and nothing of them comes back with it', async () => {
      const way = fc.tuple(fc.constantFrom(ERASE, ANONYMIZE), fc.nat(6))
      await fc.assert(
        fc.asyncProperty(way, async ([how, when]) => {
          const store = await open({ model: presetNamed('standard') })
          await meet(store)
          const { id } = await annIn(store)
          let turn = 0
          const meanwhile = async (): Promise<void> => {
            if (turn === when) await store.erase([id], how)
            turn += 1
          }
          await store.publish(presetNamed('shop'), meanwhile)
          if (turn <= when) await store.erase([id], how)
          expect(telling(await store.rows(), { all: [...HERS.all, id] })).toEqual([])
          expect(await everyone(store)).toHaveLength(how === ERASE ? 1 : 2)
          await expectSound(store)
          await store.close()
        }),
        { numRuns: 8 },
      )
    })
  })

  describe(`removal of a site on ${name}`, () => {
    it('leaves nothing of it, in any table, and says what went', async () => {
      const store = await open()
      const visits = Array.from({ length: 5 }, (_, n) => [
        from(`only-other-${n}`, page(`a${n}`, `only-other/${n}`), 'other'),
        from({ anonymous: `only-other-${n}`, user: `only-other-user-${n % 2}` }, page(`b${n}`), 'other'),
      ])
      await store.log.append([from('bob', page('1')), ...visits.flat()], [])
      await store.log.append([], [{ at: NOON, site: 'other', id: 'x', code: 'invalid', message: 'm' }])
      const counts = await countsOf(store)
      expect(await store.removeSite('other')).toEqual({ visitors: 5, events: 10 })
      const rows = await store.rows()
      expect(telling(rows, { all: ['only-other'] })).toEqual([])
      expect(rows.filter(({ text }) => /\bother\b/.test(text))).toEqual([])
      expect((await everyone(store)).map(({ site }) => site)).toEqual(['default'])
      expect(await countsOf(store)).not.toEqual(counts)
      await expectSound(store)
      await store.close()
    })
  })
}
