/** What any store must do. Runs over each: `describeStore('name', open)`. */
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newSite } from '../../collector/routes/admin.ts'
import type { EventLog, Models, Rejected, Settings, Views, VisitorQuery } from '../../collector/store/store.ts'
import type { Arriving } from '../../shared/append.ts'
import { replayed } from '../../shared/append.ts'
import { DEFAULT_MODEL } from '../../shared/default-model.ts'
import type { VisitorEvent } from '../../shared/event.ts'
import { createFold, type Fold } from '../../shared/visitor.ts'
import { DAY, event, from, HOUR, NOON } from './events.ts'

export interface Store {
  readonly log: EventLog
  readonly views: Views
  readonly settings: Settings
  readonly models: Models
  readonly close: () => Promise<void>
}

export interface StoreOptions {
  readonly foldOf: () => Fold
  /** The sites it knows. */
  readonly sites: readonly string[]
  /** Profiles kept in memory, where there is a memory. */
  readonly remembers?: number
}

export type OpenStore = (options: StoreOptions) => Promise<Store>

const fold = createFold(DEFAULT_MODEL)
/** Folds like the real one, but throws on some. */
const brittle: Fold = {
  ...fold,
  fold: (state, happened, effects) => {
    if (happened.id.startsWith('poison')) throw new TypeError('poison')
    return fold.fold(state, happened, effects)
  },
  advance: (state, now, effects) => {
    if (state.traits.name === 'Poison' && now > NOON + DAY) throw new TypeError('poison')
    fold.advance(state, now, effects)
  },
}

const SITES = ['default', 'other']
const pricing = (id: string, at = NOON) => event('page', { id, at, view: id, signal: 'pricing', funnel: 'bofu' })
const demo = (id: string, at = NOON) => event('form', { id, at, signal: 'demo_request' })
const email = (id: string, address: string, at = NOON) => event('identify', { id, at, traits: { email: address } })
const bot = (id: string, at = NOON) => event('page', { id, at, flagged: 'bot' })

/** The three ways in which two lists of events may be the same to a store: together, one by one, in small groups. */
const inGroups = <Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, (n + 1) * size))

/** Anything a browser may tell, within a month. */
const anyEvent = (n: number): fc.Arbitrary<VisitorEvent> =>
  fc
    .record({
      day: fc.integer({ min: 0, max: 40 }),
      minute: fc.integer({ min: 0, max: 1439 }),
      kind: fc.constantFrom('pricing', 'read', 'engaged', 'demo', 'cart', 'bought', 'download', 'careers', 'video'),
    })
    .map(({ day, minute, kind }) => {
      const at = NOON - 40 * DAY + day * DAY + minute * 60_000
      const id = `${kind}-${n}`
      if (kind === 'pricing') return pricing(id, at)
      if (kind === 'read') return event('page', { id, at, view: 'v', funnel: 'tofu', seconds: 40 })
      if (kind === 'engaged') return event('engagement', { id, at })
      if (kind === 'demo') return demo(id, at)
      if (kind === 'cart') return event('track', { id, at, name: 'Product Added' })
      if (kind === 'bought') return event('track', { id, at, name: 'Order Completed', source: 'server' })
      if (kind === 'download') return event('download', { id, at, funnel: 'mofu' })
      if (kind === 'careers') return event('page', { id, at, signal: 'careers' })
      return event('media', { id, at, signal: 'demo_video', percent: 95 })
    })

const anyEvents = fc
  .integer({ min: 1, max: 14 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, n) => anyEvent(n))))

export const describeStore = (name: string, open: OpenStore): void => {
  describe(`a store: ${name}`, () => {
    let store: Store
    const reopen = async (options: Partial<StoreOptions> = {}): Promise<Store> => {
      await store?.close()
      store = await open({ foldOf: () => brittle, sites: SITES, ...options })
      return store
    }
    beforeEach(() => reopen())
    afterEach(() => store.close())

    const append = (...arriving: readonly Arriving[]) => store.log.append(arriving, [])
    const show = async (ref: string, site?: string) => await store.views.visitor(ref, site)
    const stateOf = async (ref: string, now = NOON + DAY) => {
      const found = await show(ref)
      if (found) fold.advance(found.state, now, { transitions: [] })
      return found?.state
    }
    const changesOf = async (ref: string) => {
      const list = await store.views.transitions((await show(ref))!.id)
      return list
        .toSorted((a, b) => a.seq - b.seq)
        .map(({ what, from: left, to, at }) => `${what} ${left}>${to} ${at - NOON}`)
    }
    /** The log alone, folded anew, gives what is stored. */
    const expectReplay = async (ref: string, now = NOON + 60 * DAY) => {
      const stored = (await show(ref))!
      const events = (await store.views.events(stored.id)).map(({ event: each }) => each)
      const effects = { transitions: [] }
      const anew = replayed(fold, events, effects)!
      fold.advance(anew, now, effects)
      expect(await stateOf(ref, now)).toEqual(anew)
    }

    describe('appends an event once', () => {
      it.each<readonly [string, readonly (readonly Arriving[])[], readonly (readonly string[])[], number]>([
        ['twice in one batch', [[from('a', pricing('1')), from('a', pricing('1'))]], [['accepted', 'duplicate']], 1],
        ['in two batches', [[from('a', pricing('1'))], [from('a', pricing('1'))]], [['accepted'], ['duplicate']], 1],
        ['told by another visitor', [[from('a', pricing('1')), from('b', demo('1'))]], [['accepted', 'duplicate']], 1],
        ['ids that differ', [[from('a', pricing('1')), from('a', pricing('2'))]], [['accepted', 'accepted']], 2],
        ['ids in another case', [[from('a', pricing('x')), from('a', pricing('X'))]], [['accepted', 'accepted']], 2],
      ])('%s', async (_, batches, receipts, stored) => {
        const given = []
        for (const batch of batches) given.push(await append(...batch))
        expect(given).toEqual(receipts)
        expect(await store.views.read(0, 100).then((list) => list.filter((e) => 'event' in e.what))).toHaveLength(
          stored,
        )
      })

      it('per site: another site may use the same id', async () => {
        expect(await append(from('a', pricing('1')), from('a', pricing('1'), 'other'))).toEqual([
          'accepted',
          'accepted',
        ])
        const [here, there] = [await show('a', 'default'), await show('a', 'other')]
        expect(here!.id).not.toBe(there!.id)
        expect([here!.state.views, there!.state.views]).toEqual([1, 1])
      })

      it('and makes no visitor of a duplicate', async () => {
        await append(from('a', pricing('1')))
        await append(from('stranger', pricing('1')))
        expect(await show('stranger')).toBeUndefined()
      })
    })

    describe('writes all of a batch or none of it', () => {
      const poison = from('b', pricing('poison'))

      it('when the fold throws', async () => {
        await append(from('a', pricing('1')))
        const [before, head] = [await show('a'), await store.views.head()]
        const failing = append(from('a', pricing('2')), from('new', demo('3')), poison)
        await expect(failing).rejects.toThrow('poison')
        expect(await show('a')).toEqual(before)
        expect(await show('new')).toBeUndefined()
        expect(await store.views.head()).toBe(head)
        expect(await store.views.rejected(10)).toEqual({ items: [], counts: {} })
      })

      it('and the next batch is as if the failed one had never been', async () => {
        await append(from('a', pricing('1')))
        await expect(append(from('a', demo('2')), from('new', demo('3')), poison)).rejects.toThrow()
        expect(await append(from('c', pricing('4')), from('a', pricing('5', NOON + HOUR)))).toEqual([
          'accepted',
          'accepted',
        ])
        expect((await show('new'))?.state.views).toBeUndefined()
        expect(await stateOf('a').then((state) => state!.stage)).not.toBe('intent')
        for (const ref of ['a', 'c']) await expectReplay(ref)
        const listed = await store.views.visitors({ sort: 'score', limit: 10 })
        expect(listed.items.map(({ id }) => id).toSorted()).toEqual(
          [(await show('a'))!.id, (await show('c'))!.id].toSorted(),
        )
      })

      it('the list of what was rejected too', async () => {
        const rejected: Rejected = { at: NOON, site: 'default', id: 'x', code: 'invalid', message: 'no' }
        await expect(store.log.append([poison], [rejected])).rejects.toThrow()
        expect((await store.views.rejected(10)).items).toEqual([])
        await store.log.append([], [rejected])
        expect((await store.views.rejected(10)).items).toEqual([rejected])
      })
    })

    describe('knows a visitor', () => {
      it.each([
        ['a browser id', { anonymous: 'a' }, pricing('1'), 'a'],
        ['a user id', { user: 'u-1' }, pricing('1'), 'u-1'],
        ['an e-mail address', { anonymous: 'a' }, email('1', 'ann@acme.example'), 'ann@acme.example'],
        ['an e-mail address in capitals', { anonymous: 'a' }, email('1', 'ann@acme.example'), 'Ann@ACME.example'],
      ])('by %s', async (_, who, happened, ref) => {
        await append(from(who, happened))
        const found = await show(ref)
        expect(found).toMatchObject({ site: 'default' })
        expect(await show(found!.id)).toEqual(found)
        expect(await show(ref, 'other')).toBeUndefined()
        expect(await show(found!.id, 'other')).toBeUndefined()
      })

      it('and nobody else', async () => {
        await append(from('a', pricing('1')))
        for (const ref of ['', 'A', 'b', '%', "a' OR 1=1 --", '\0', 'a\0', '🦊'])
          expect(await show(ref)).toBeUndefined()
      })

      it('more than it can remember, each with all that was told in one batch', async () => {
        await reopen({ remembers: 2 })
        const visitors = Array.from({ length: 6 }, (_, n) => `v${n}`)
        const round = (n: number) => visitors.map((who) => from(who, pricing(`${who}-${n}`, NOON + n * HOUR)))
        await append(...round(0), ...round(1))
        await append(...round(2), ...round(3))
        for (const who of visitors) {
          expect((await show(who))!.state.views, who).toBe(4)
          await expectReplay(who)
        }
      })
    })

    describe('takes what is said of somebody', () => {
      const accepted = event('feedback', { id: 'f', at: NOON + 2 * HOUR })

      it('by our id, whatever names they have left', async () => {
        await append(from('shared', email('1', 'ann@acme.example')))
        await append(from('shared', email('2', 'bob@acme.example', NOON + HOUR)))
        const ann = (await show('ann@acme.example'))!
        expect(await store.log.tell(ann.id, accepted)).toBe(true)
        expect((await stateOf('ann@acme.example'))!.flags).toHaveProperty('sales_active')
        expect((await stateOf('bob@acme.example'))!.flags).not.toHaveProperty('sales_active')
        await expectReplay('ann@acme.example')
        expect(await store.log.tell('nobody', accepted)).toBe(false)
      })

      it('which is no visit of theirs', async () => {
        await append(from('a', pricing('1')), from('b', pricing('2', NOON + HOUR)))
        await store.log.tell((await show('a'))!.id, accepted)
        const { items } = await store.views.visitors({ sort: 'lastSeen', limit: 10 })
        expect(items.map(({ id }) => id)).toEqual([(await show('b'))!.id, (await show('a'))!.id])
      })
    })

    describe('merges people who turn out to be one', () => {
      beforeEach(async () => {
        await append(from('phone', pricing('1')), from('laptop', demo('2', NOON + HOUR)))
        await append(from('phone', email('3', 'ann@acme.example', NOON + 2 * HOUR)))
      })

      it('into the one who was known: the union of the events, under every name', async () => {
        const [phone, laptop] = [await show('phone'), await show('laptop')]
        await append(from('laptop', email('4', 'ann@acme.example', NOON + 3 * HOUR)))
        const survivor = (await show('ann@acme.example'))!
        expect(survivor.id).toBe(phone!.id)
        for (const ref of ['phone', 'laptop', phone!.id, laptop!.id]) expect(await show(ref)).toEqual(survivor)
        const ids = (await store.views.events(survivor.id)).map(({ event: { id } }) => id)
        expect(ids.toSorted()).toEqual(['1', '2', '3', '4'])
        expect(await store.views.merges(survivor.id)).toEqual([
          { at: NOON + 3 * HOUR, from: laptop!.id, into: phone!.id },
        ])
        await expectReplay('ann@acme.example')
        const { items } = await store.views.visitors({ sort: 'score', limit: 10 })
        expect(items.map(({ id }) => id)).toEqual([survivor.id])
      })

      it('once, however many of the names lead to the other', async () => {
        await append(from({ user: 'u-1' }, event('identify', { id: '5', source: 'server', at: NOON + 4 * HOUR })))
        const known = email('6', 'ann@acme.example', NOON + 5 * HOUR)
        await append(from({ user: 'u-1', anonymous: 'phone' }, { ...known, source: 'server' }))
        const survivor = (await show('u-1'))!
        expect((await show('phone'))!.id).toBe(survivor.id)
        expect(await store.views.merges(survivor.id)).toHaveLength(1)
        await expectReplay('u-1')
      })

      it('within one batch, and then goes on as one', async () => {
        await append(
          from('laptop', email('4', 'ann@acme.example', NOON + 3 * HOUR)),
          from('laptop', pricing('5', NOON + 4 * HOUR)),
          from('phone', pricing('6', NOON + 5 * HOUR)),
        )
        expect((await show('laptop'))!.state.views).toBe(3)
        await expectReplay('phone')
      })

      it('by hand, also two who are known, and takes them apart again', async () => {
        await append(from('laptop', email('4', 'bob@acme.example', NOON + 3 * HOUR)))
        const [ann, bob] = [(await show('ann@acme.example'))!, (await show('bob@acme.example'))!]
        expect(await store.log.merge(bob.id, ann.id, NOON + 4 * HOUR)).toBe(true)
        expect((await show('bob@acme.example'))!.id).toBe(ann.id)
        await expectReplay('ann@acme.example')
        expect(await store.log.unmerge(bob.id, NOON + 5 * HOUR)).toEqual({ from: bob.id, into: ann.id })
        expect(await show('ann@acme.example')).toEqual(ann)
        expect(await show('bob@acme.example')).toEqual(bob)
        expect(await show('laptop')).toEqual(bob)
        const merge = { at: NOON + 4 * HOUR, undoneAt: NOON + 5 * HOUR, from: bob.id, into: ann.id }
        for (const { id } of [ann, bob]) expect(await store.views.merges(id)).toEqual([merge])
        const { items } = await store.views.visitors({ sort: 'score', limit: 10 })
        expect(items.map(({ id }) => id).toSorted()).toEqual([ann.id, bob.id].toSorted())
      })

      it('and takes apart the last of several, each with those merged into it before', async () => {
        await append(from('tablet', pricing('5')), from('watch', pricing('6', NOON + HOUR)))
        const [phone, laptop, tablet, watch] = await Promise.all(
          ['phone', 'laptop', 'tablet', 'watch'].map(async (ref) => (await show(ref))!),
        )
        await store.log.merge(watch!.id, tablet!.id, NOON + HOUR)
        await store.log.merge(tablet!.id, phone!.id, NOON + 2 * HOUR)
        await store.log.merge(laptop!.id, phone!.id, NOON + 3 * HOUR)
        expect(await store.log.unmerge(tablet!.id, NOON + 4 * HOUR)).toEqual({ from: tablet!.id, into: phone!.id })
        const leads = async (ref: string) => (await show(ref))!.id
        expect(await leads('watch')).toBe(tablet!.id)
        expect(await leads('laptop')).toBe(phone!.id)
        expect(await store.log.unmerge(phone!.id, NOON + 5 * HOUR)).toEqual({ from: laptop!.id, into: phone!.id })
        expect(await store.log.unmerge(phone!.id, NOON + 6 * HOUR)).toBeUndefined()
        for (const ref of ['phone', 'laptop', 'tablet']) await expectReplay(ref)
        await append(from('watch', pricing('7', NOON + 7 * HOUR)))
        expect((await show('tablet'))!.state.views).toBe(3)
      })

      it('by hand only those of one site, and nobody with themselves', async () => {
        await append(from('phone', pricing('1'), 'other'))
        const [phone, elsewhere] = [(await show('phone', 'default'))!.id, (await show('phone', 'other'))!.id]
        expect(await store.log.merge(phone, elsewhere, NOON)).toBe(false)
        expect(await store.log.merge(phone, phone, NOON)).toBe(false)
        expect(await store.log.merge('nobody', phone, NOON)).toBe(false)
        expect(await store.log.unmerge('nobody', NOON)).toBeUndefined()
      })

      it('but never somebody with another address', async () => {
        await append(from('laptop', email('4', 'bob@acme.example', NOON + 3 * HOUR)))
        await append(from('phone', email('5', 'bob@acme.example', NOON + 4 * HOUR)))
        expect((await show('ann@acme.example'))!.id).not.toBe((await show('bob@acme.example'))!.id)
      })
    })

    describe('ends in the same state, whatever the order of arrival', () => {
      it('for any events, groups and wakings', async () => {
        const shuffled = anyEvents.chain((events) =>
          fc.record({
            events: fc.constant(events),
            order: fc.shuffledSubarray([...events], { minLength: events.length }),
            size: fc.integer({ min: 1, max: 6 }),
            wakes: fc.array(fc.integer({ min: -30, max: 40 }), { maxLength: 4 }),
          }),
        )
        let run = 0
        await fc.assert(
          fc.asyncProperty(shuffled, async ({ events, order, size, wakes }) => {
            run += 1
            const [straight, crooked] = [`straight-${run}`, `crooked-${run}`]
            const own = (who: string, list: readonly VisitorEvent[]) =>
              list.map((each) => from(who, { ...each, id: `${each.id} ${who}` }))
            const sorted = events.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
            await append(...own(straight, sorted))
            for (const [n, group] of inGroups(own(crooked, order), size).entries()) {
              await append(...group)
              if (wakes[n] !== undefined) await store.log.wake(NOON + wakes[n] * DAY, 500)
            }
            const [a, b] = [await stateOf(straight, NOON + 90 * DAY), await stateOf(crooked, NOON + 90 * DAY)]
            const plain = JSON.stringify(a).replaceAll(` ${straight}`, '')
            expect(JSON.stringify(b).replaceAll(` ${crooked}`, '')).toBe(plain)
          }),
          { numRuns: 60 },
        )
      })

      it('and the transitions recorded last are to where the visitor stands', async () => {
        let run = 0
        await fc.assert(
          fc.asyncProperty(anyEvents, fc.integer({ min: 1, max: 5 }), async (events, size) => {
            run += 1
            const who = `w-${run}`
            for (const group of inGroups(events, size))
              await append(...group.map((each) => from(who, { ...each, id: `${each.id} ${who}` })))
            await store.log.wake(NOON + 60 * DAY, 5000)
            const { id, state } = (await show(who))!
            const all = (await store.views.transitions(id)).toSorted((a, b) => a.seq - b.seq)
            const last = (what: string) => all.findLast((each) => each.what === what)?.to
            expect(last('stage') ?? 'awareness').toBe(state.stage)
            expect(last('qualification') ?? 'anonymous').toBe(state.qualification)
          }),
          { numRuns: 40 },
        )
      })
    })

    describe('records a transition once', () => {
      const hot = [pricing('1'), demo('2', NOON + 1000), email('3', 'ann@acme.example', NOON + 2000)]
      beforeEach(() => append(...hot.map((each) => from('a', each))))

      it('when events come again', async () => {
        const before = await changesOf('a')
        expect(before).toContain('stage awareness>intent 1000')
        await append(...hot.map((each) => from('a', each)))
        expect(await changesOf('a')).toEqual(before)
      })

      it('when a late event changes nothing', async () => {
        const before = await changesOf('a')
        await append(from('a', event('page', { id: 'late', at: NOON - 1000, funnel: 'tofu' })))
        expect(await changesOf('a')).toEqual(before)
      })

      it('when a late event comes after the visitor has cooled', async () => {
        await store.log.wake(NOON + 100 * DAY, 10)
        const before = await changesOf('a')
        expect(before.at(-1)).toMatch(/^(stage|qualification|flag) /)
        expect((await show('a'))!.state.stage).toBe('awareness')
        await append(from('a', event('page', { id: 'late', at: NOON - 1000 })))
        await store.log.wake(NOON + 100 * DAY, 10)
        expect(await changesOf('a')).toEqual(before)
        expect((await show('a'))!.state.stage).toBe('awareness')
      })
    })

    describe('wakes whom something is due for', () => {
      it('no earlier, each once, a group at a time', async () => {
        for (const who of ['a', 'b', 'c']) await append(from(who, demo(who)))
        await append(from('cold', event('page', { id: 'cold' })))
        expect(await store.log.wake(NOON + DAY, 10)).toBe(0)
        const later = NOON + 200 * DAY
        expect(await store.log.wake(later, 2)).toBe(2)
        expect(await store.log.wake(later, 2)).toBe(1)
        expect(await store.log.wake(later, 2)).toBe(0)
        expect((await show('a'))!.state.stage).toBe('awareness')
        expect(await changesOf('b')).toEqual(await changesOf('c'))
        for (const who of ['a', 'b', 'c']) await expectReplay(who, later)
      })

      it('at the instant it fell due, however late it is noticed', async () => {
        await append(from('a', demo('1')), from('b', demo('2')))
        await append(from('b', event('page', { id: '3', at: NOON + 300 * DAY, flagged: 'bot' })))
        await store.log.wake(NOON + 200 * DAY, 10)
        const stages = async (ref: string) => (await changesOf(ref)).filter((each) => each.startsWith('stage'))
        expect(await stages('a')).toEqual(await stages('b'))
      })

      it('and is not held up by one that cannot be brought forward', async () => {
        const poison = event('identify', { id: 'p', traits: { name: 'Poison' } })
        await append(from('p', demo('1')), from('p', poison), from('a', demo('2')), from('b', demo('3')))
        await store.log.wake(NOON + 200 * DAY, 2)
        await store.log.wake(NOON + 200 * DAY, 2)
        expect([(await show('a'))!.state.stage, (await show('b'))!.state.stage]).toEqual(['awareness', 'awareness'])
        expect(await store.log.wake(NOON + 200 * DAY, 2)).toBe(0)
      })
    })

    it('tells what a visitor last said about consent', async () => {
      expect(await store.log.consentOf('default', 'a')).toBeUndefined()
      await append(from('a', event('consent', { id: '1' })))
      expect(await store.log.consentOf('default', 'a')).toBe('granted')
      await append(from('a', event('consent', { id: '2', at: NOON + 1, state: 'denied' })))
      expect(await store.log.consentOf('default', 'a')).toBe('denied')
      expect(await store.log.consentOf('other', 'a')).toBeUndefined()
    })

    it('tells the stage of a browser, unless it is known as somebody: that is a claim', async () => {
      expect(await store.log.stageOf('default', 'a')).toBeUndefined()
      await append(from('a', demo('1')), from('b', pricing('2')), from({ anonymous: 'c', user: 'u1' }, pricing('3')))
      expect(await store.log.stageOf('default', 'a')).toBe('intent')
      expect(await store.log.stageOf('other', 'a')).toBeUndefined()
      expect(await store.log.stageOf('default', 'b')).toBe('awareness')
      expect(await store.log.stageOf('default', 'c')).toBeUndefined()
      await append(from('a', email('4', 'ann@acme.com', NOON + 1)), from('b', email('5', 'ann@acme.com', NOON + 1)))
      expect(await store.log.stageOf('default', 'a')).toBeUndefined()
      expect(await store.log.stageOf('default', 'b')).toBeUndefined()
    })

    describe('has a log with a cursor', () => {
      const grow = async (round: number): Promise<void> => {
        const at = NOON + round * HOUR
        await append(
          from('a', pricing(`a${round}`, at)),
          from('b', demo(`b${round}`, at)),
          from('c', email(`c${round}`, 'ann@acme.example', at)),
        )
        if (round === 2) await append(from('b', email('b', 'ann@acme.example', at + 1)))
        if (round === 3) await store.log.wake(NOON + 100 * DAY, 10)
      }

      it.each([1, 2, 3, 7, 1000])('that read %i at a time shows everything once, and nothing late', async (limit) => {
        let cursor = 0
        const seen: number[] = []
        const drain = async (): Promise<void> => {
          for (;;) {
            const entries = await store.views.read(cursor, limit)
            if (entries.length === 0) return
            for (const { seq } of entries) {
              expect(seq).toBeGreaterThan(cursor)
              seen.push(seq)
              cursor = seq
            }
          }
        }
        for (const round of [1, 2, 3, 4]) {
          await grow(round)
          await drain()
        }
        expect(cursor).toBeLessThanOrEqual(await store.views.head())
        expect(seen).toEqual((await store.views.read(0, 100_000)).map(({ seq }) => seq))
        expect(new Set(seen).size).toBe(seen.length)
      })

      it.each([1, 2, 1000])('and %i at a time tells who changed, up to a point, never below it', async (limit) => {
        let cursor = 0
        const last = new Map<string, number>()
        for (const round of [1, 2, 3, 4]) {
          await grow(round)
          const upTo = await store.views.head()
          for (;;) {
            const changed = await store.views.changed(cursor, upTo, limit)
            if (changed.length === 0) break
            for (const { id, seq } of changed) {
              expect(seq).toBeGreaterThan(cursor)
              expect(seq).toBeLessThanOrEqual(upTo)
              cursor = seq
              last.set(id, seq)
            }
          }
          cursor = upTo
        }
        for (const { id, seq } of await store.views.changed(0, cursor, 1000)) expect(last.get(id)).toBe(seq)
      })
    })

    describe('lists visitors', () => {
      const page = (query: Partial<VisitorQuery>) => store.views.visitors({ sort: 'score', limit: 100, ...query })
      const refs = new Map<string, string>()
      const names = async (query: Partial<VisitorQuery>): Promise<readonly string[]> => {
        const { items } = await page(query)
        return items.map(({ id }) => refs.get(id) ?? id)
      }
      const fill = async (): Promise<void> => {
        await append(
          from('warm', pricing('1', NOON + HOUR)),
          from('hot', demo('2')),
          from('hot', email('3', 'hot_1@acme.example')),
          from('bot-b', bot('4')),
          from('bot-a', bot('5')),
          from('afar', pricing('6', NOON + 2 * HOUR), 'other'),
        )
        for (const who of ['warm', 'hot', 'bot-b', 'bot-a', 'afar']) refs.set((await show(who))!.id, who)
      }
      const bots = (list: readonly string[]) => list.filter((each) => each.startsWith('bot'))

      it('by score, those without one last, by id', async () => {
        await fill()
        const list = await names({})
        expect(list.slice(0, 3)).toEqual(['hot', 'afar', 'warm'])
        const ids = (await page({})).items.slice(3).map(({ id }) => id)
        expect(ids).toEqual(ids.toSorted())
        expect(bots(list)).toHaveLength(2)
      })

      it.each<readonly [Partial<VisitorQuery>, readonly string[]]>([
        [{ site: 'other' }, ['afar']],
        [{ site: 'nowhere' }, []],
        [{ stages: ['intent'] }, ['hot']],
        [{ stages: [] }, []],
        [{ stages: ['intent', 'interest'], site: 'default' }, ['hot']],
        [{ qualification: 'anonymous', stages: ['intent'] }, []],
        [{ q: 'HOT_1' }, ['hot']],
        [{ q: 'hot%' }, []],
        [{ q: 'hotx1' }, []],
        [{ q: '\\' }, []],
        [{ q: "'; DROP TABLE visitor; --" }, []],
        [{ sort: 'lastSeen', limit: 2 }, ['afar', 'warm']],
      ])('that fit %j', async (query, expected) => {
        await fill()
        expect(await names(query)).toEqual(expected)
      })

      it('among whom no column tells, so many rows at a time', async () => {
        await fill()
        const walk = async (among: VisitorQuery['among'], limit = 100) => {
          const pages: (readonly string[])[] = []
          let cursor: VisitorQuery['cursor']
          do {
            const { items, next } = await page({ among, limit, cursor })
            pages.push(items.map(({ id }) => refs.get(id)!))
            cursor = next
          } while (cursor)
          return pages
        }
        const viewed = { keeps: ({ views }: { views: number }) => views > 0 }
        expect(await walk({ most: 2, ...viewed })).toEqual([['afar'], ['warm'], []])
        expect(await walk({ most: 100, ...viewed })).toEqual([['afar', 'warm']])
        expect(await walk({ most: 100, ...viewed }, 1)).toEqual([['afar'], ['warm'], []])
        expect(await walk({ most: 2, keeps: () => false })).toEqual([[], [], []])
        const intent = { what: 'stage', to: 'intent', from: NOON, until: NOON + HOUR } as const
        expect(await walk({ most: 100, recorded: intent })).toEqual([['hot']])
        expect(await walk({ most: 100, recorded: { ...intent, modelVersion: 1 } })).toEqual([['hot']])
        expect(await walk({ most: 100, recorded: { ...intent, modelVersion: 2 } })).toEqual([[]])
        expect(await walk({ most: 100, recorded: { ...intent, until: NOON } })).toEqual([[]])
        expect(await walk({ most: 100, recorded: intent, ...viewed })).toEqual([[]])
      })

      it('over a score, without those that have none', async () => {
        await fill()
        const { heat } = (await show('warm'))!.state
        expect(heat.evaluate).toBeGreaterThan(0)
        expect(bots(await names({ minHeat: 0 }))).toEqual([])
        expect(await names({ minHeat: 1e9 })).toEqual([])
      })

      it('page by page: who is unchanged exactly once, who changes at most once, whatever happens between', async () => {
        const plan = fc.record({
          limit: fc.integer({ min: 1, max: 7 }),
          sort: fc.constantFrom('score', 'lastSeen', 'stageSince'),
          count: fc.integer({ min: 1, max: 14 }),
          filtered: fc.boolean(),
          between: fc.array(
            fc.array(
              fc.record({
                who: fc.nat({ max: 16 }),
                does: fc.constantFrom('pricing', 'demo', 'careers', 'cool', 'late', 'merge'),
              }),
              { maxLength: 4 },
            ),
            { maxLength: 12 },
          ),
        })
        let run = 0
        await fc.assert(
          fc.asyncProperty(plan, async ({ limit, sort, count, between, filtered }) => {
            run += 1
            await reopen()
            const name = (n: number) => `${run}-${n}`
            const start = Array.from({ length: count }, (_, n) => {
              const at = NOON + (n % 5) * HOUR
              const made = n % 4 === 0 ? bot(`s${n}`, at) : n % 4 === 1 ? demo(`s${n}`, at) : pricing(`s${n}`, at)
              return from(name(n), made)
            })
            await append(...start)
            const atStart = await store.views.head()
            const all = (await page({ sort })).items.map(({ id }) => id)
            const seen: string[] = []
            let cursor: VisitorQuery['cursor']
            let step = 0
            do {
              const got = await page({ sort, limit, cursor, ...(filtered && { site: 'default' }) })
              expect(got.items.length).toBeLessThanOrEqual(limit)
              seen.push(...got.items.map(({ id }) => id))
              cursor = got.next
              for (const [k, { who, does }] of (between[step] ?? []).entries()) {
                const [id, at] = [`b${step}.${k}`, NOON + 6 * HOUR + step * HOUR]
                if (does === 'cool') await store.log.wake(NOON + 30 * DAY, 2)
                else if (does === 'pricing') await append(from(name(who), pricing(id, at)))
                else if (does === 'demo') await append(from(name(who), demo(id, at)))
                else if (does === 'careers') await append(from(name(who), event('page', { id, at, signal: 'careers' })))
                else if (does === 'late') await append(from(name(who), pricing(id, NOON - DAY)))
                else await append(from(name(who), email(id, 'ann@acme.example', at)))
              }
              step += 1
            } while (cursor && step < 100)
            const changed = new Set((await store.views.changed(atStart, 1e9, 1000)).map(({ id }) => id))
            const merged = new Set<string>()
            for (const id of all) if ((await show(id))!.id !== id) merged.add(id)
            expect(new Set(seen).size, 'none twice').toBe(seen.length)
            const unchanged = all.filter((id) => !changed.has(id) && !merged.has(id))
            expect(
              unchanged.filter((id) => !seen.includes(id)),
              'none missed',
            ).toEqual([])
            const kept = unchanged.map((id) => seen.indexOf(id))
            expect(kept, 'in order').toEqual(kept.toSorted((a, b) => a - b))
          }),
          { numRuns: 60 },
        )
      })
    })

    it('lists what was rejected, the newest first, and counts what it no longer lists', async () => {
      const rejected = (n: number): Rejected => ({
        at: NOON + n,
        site: n % 2 ? 'default' : undefined,
        id: n % 3 ? `e${n}` : null,
        code: n % 2 ? 'invalid' : 'unknown_key',
        message: 'm',
      })
      const all = Array.from({ length: 10_400 }, (_, n) => rejected(n))
      for (const group of inGroups(all, 2500)) await store.log.append([], group)
      const { items, counts } = await store.views.rejected(20_000)
      expect(items.length).toBeGreaterThanOrEqual(10_000)
      expect(items.length).toBeLessThan(10_400)
      expect(items[0]).toMatchObject({ at: NOON + 10_399, code: 'invalid', site: 'default' })
      expect(counts).toEqual({ invalid: 5200, unknown_key: 5200 })
    })

    describe('keeps the settings', () => {
      it('of sites, in the order they were made, under names of their own', async () => {
        const { settings } = store
        await settings.insertSite(newSite('third', NOON, { origins: ['a.example'] }))
        expect((await settings.sites()).map(({ name: each }) => each)).toEqual([...SITES, 'third'])
        const site = (await settings.sites())[2]!
        expect(site).toMatchObject({ name: 'third', createdAt: NOON, settings: { origins: ['a.example'] } })
        await settings.updateSite('third', { ...site.settings, consent: 'required' })
        expect((await settings.sites())[2]).toEqual({ ...site, settings: { ...site.settings, consent: 'required' } })
        expect((await settings.sites())[0]!.settings.consent).toBe('none')
      })

      it('of keys, and forgets them for good', async () => {
        const { settings } = store
        const key = { id: 'k', kind: 'write', site: 'default', label: 'shop', hint: 'abcd', createdAt: NOON } as const
        await settings.insertKey({ ...key, hash: 'h1' })
        await settings.insertKey({ ...key, id: 'l', kind: 'read', site: undefined, createdAt: NOON + 1, hash: 'h2' })
        expect(await settings.keys()).toEqual([
          { ...key, hash: 'h1' },
          { ...key, id: 'l', kind: 'read', site: undefined, createdAt: NOON + 1, hash: 'h2' },
        ])
        await settings.touchKey({ hash: 'h2', at: NOON + 5 })
        expect([await settings.labelKey('l', 'sheet'), await settings.labelKey('m', 'x')]).toEqual([true, false])
        expect((await settings.keys()).map(({ label, lastUsedAt }) => [label, lastUsedAt])).toEqual([
          ['shop', undefined],
          ['sheet', NOON + 5],
        ])
        expect([await settings.deleteKey('k'), await settings.deleteKey('k')]).toEqual([true, false])
        expect((await settings.keys()).map(({ id }) => id)).toEqual(['l'])
      })

      it('of models, whole', async () => {
        const { models } = store
        const draft = { model: DEFAULT_MODEL, author: 'Ann', reason: 'a trial', createdAt: NOON }
        const version = await models.insertDraft(draft)
        const { model, ...about } = (await models.model(version))!
        expect(model).toEqual(DEFAULT_MODEL)
        expect(about).toMatchObject({ version, state: 'draft', name: 'Standard', author: 'Ann', reason: 'a trial' })
        expect(await models.insertDraft(draft)).toBe(version + 1)
        expect((await models.versions()).map((each) => each.version).slice(0, 2)).toEqual([version + 1, version])
        expect(await models.model(version + 2)).toBeUndefined()
      })
    })
  })
}
