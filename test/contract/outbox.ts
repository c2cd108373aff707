/** What any store must do with messages on their way: runs over each. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Claim, Outbox, Settlement, Webhook } from '../../collector/store/store.ts'
import { type Beside, HOSTILE, HOSTILE_CASES, kept, type OpenBeside } from './beside.ts'
import { DAY, HOUR, NOON } from './events.ts'

const webhook = (id: string, more: Partial<Webhook> = {}): Webhook => ({
  id,
  kind: 'webhook',
  label: `to ${id}`,
  site: undefined,
  types: ['lead.handoff'],
  state: 'on',
  reason: undefined,
  sealed: 'sealed',
  createdAt: NOON,
  ...more,
})
const settlement = (claim: Claim, more: Partial<Settlement> = {}): Settlement => ({
  webhook: claim.webhook,
  seq: claim.seq,
  state: 'delivered',
  dueAt: NOON,
  tries: claim.tries + 1,
  triedAt: NOON,
  outcome: 'answered 200',
  ...more,
})
const idsOf = (claims: readonly { readonly id: string }[]) => claims.map(({ id }) => id)

export const describeOutbox = (name: string, open: OpenBeside): void => {
  let store: Beside

  const claim = (free: Readonly<Record<string, number>>, now = NOON, outbox: Outbox = store.outbox) =>
    outbox.claim({
      now,
      until: now + HOUR,
      free: Object.entries(free).map(([id, slots]) => ({ webhook: id, slots })),
    })
  const write = async (seqs: readonly number[], to: readonly string[] = ['w'], dueAt = NOON) => {
    for (const seq of seqs)
      await store.rows.message({ seq, id: `m${seq}`, visitor: (seq % 7) + 1, to, dueAt, body: `{"n":${seq}}` })
  }
  const statesOf = async (id: string) =>
    Object.fromEntries(
      (await store.deliveries.deliveries({ webhook: id, limit: 1000 })).map((each) => [each.id, each.state]),
    )
  const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1)

  describe(`the outbox of ${name}`, () => {
    beforeEach(async () => {
      store = await open()
      for (const id of ['w', 'v']) await store.outbox.putWebhook(webhook(id))
    })
    afterEach(() => store.close())

    describe('hands out what is due', () => {
      it('the longest due first, no more than asked for, to each receiver its own', async () => {
        await write([1], ['w'], NOON - 1)
        await write([2], ['w'], NOON - 3)
        await write([3], ['w', 'v'], NOON - 2)
        await write([4], ['w'], NOON + 1)
        expect(idsOf(await claim({ w: 2, v: 5 }))).toEqual(['m2', 'm3', 'm3'])
        expect(idsOf(await claim({ w: 5, v: 5 }))).toEqual(['m1'])
        const [last] = await claim({ w: 5 }, NOON + 1)
        expect(last).toEqual({ webhook: 'w', seq: 4, id: 'm4', type: 'lead.handoff', body: '{"n":4}', tries: 0 })
      })

      it('to nobody else until the lease ends, and then the same', async () => {
        await write([1])
        const first = await claim({ w: 4 })
        expect(first).toHaveLength(1)
        expect(await claim({ w: 4 }, NOON + HOUR - 1)).toEqual([])
        expect(await claim({ w: 4 }, NOON + HOUR, store.otherOutbox)).toEqual(first)
      })

      it('once, however many ask at the same time', async () => {
        await write(upTo(120))
        const claims: Claim[] = []
        for (let before = -1; before < claims.length; ) {
          before = claims.length
          const asking = upTo(12).map((n) => claim({ w: 7 }, NOON, n % 2 ? store.outbox : store.otherOutbox))
          claims.push(...(await Promise.all(asking)).flat())
        }
        expect(claims).toHaveLength(120)
        expect(new Set(idsOf(claims)).size).toBe(120)
      })

      it('and tells beforehand whether there is any', async () => {
        await write([1], ['w'], NOON + 5)
        const isDue = (now: number) => store.deliveries.isDue('w', now)
        expect([await isDue(NOON), await isDue(NOON + 5), await store.deliveries.isDue('v', NOON + 5)]).toEqual([
          false,
          true,
          false,
        ])
        await claim({ w: 1 }, NOON + 5)
        expect([await isDue(NOON + 5), await isDue(NOON + 5 + HOUR)]).toEqual([false, true])
      })
    })

    describe('remembers what became of a try', () => {
      it('delivered: it is tried no more', async () => {
        await write([1])
        const [claimed] = await claim({ w: 1 })
        await store.outbox.settle([settlement(claimed!, { triedAt: NOON + 3 })])
        expect(await claim({ w: 1 }, NOON + DAY)).toEqual([])
        const about = { seq: 1, id: 'm1', type: 'lead.handoff', at: NOON, dueAt: NOON, tries: 1 }
        expect(await store.deliveries.deliveries({ webhook: 'w', limit: 5 })).toEqual([
          { ...about, state: 'delivered', triedAt: NOON + 3, outcome: 'answered 200' },
        ])
      })

      it('failed: it is tried again when it is due, and knows how often it was', async () => {
        await write([1, 2])
        const claimed = await claim({ w: 2 })
        await store.outbox.settle(
          claimed.map((each) => settlement(each, { state: 'pending', dueAt: NOON + HOUR, outcome: 'answered 503' })),
        )
        expect(await claim({ w: 2 }, NOON + HOUR - 1)).toEqual([])
        expect((await claim({ w: 2 }, NOON + HOUR)).map(({ tries }) => tries)).toEqual([1, 1])
      })

      it('the receiver is gone: nothing more is sent to it, and it says why', async () => {
        await write([1])
        const [claimed] = await claim({ w: 1 })
        await store.outbox.settle([settlement(claimed!, { state: 'dead', ends: `answered 410: it's gone` })])
        expect(await store.deliveries.webhook('w')).toEqual(
          webhook('w', { state: 'gone', reason: `answered 410: it's gone` }),
        )
        expect(await store.deliveries.webhook('v')).toEqual(webhook('v'))
      })

      it('what was delivered stays so, whatever is said of a later try', async () => {
        await write([1])
        const [claimed] = await claim({ w: 1 })
        await claim({ w: 1 }, NOON + HOUR, store.otherOutbox)
        await store.otherOutbox.settle([settlement(claimed!)])
        await store.outbox.settle([settlement(claimed!, { state: 'pending', outcome: 'took too long' })])
        expect(await claim({ w: 1 }, NOON + DAY)).toEqual([])
        expect(await statesOf('w')).toEqual({ m1: 'delivered' })
      })

      it('in the words in which it was told', async () => {
        await write(HOSTILE.map((_, n) => n + 1))
        const claimed = await claim({ w: HOSTILE.length })
        await store.outbox.settle(claimed.map((each, n) => settlement(each, { outcome: HOSTILE[n]! })))
        const told = await store.deliveries.deliveries({ webhook: 'w', limit: 100 })
        expect(told.map(({ outcome }) => kept(outcome!)).toReversed()).toEqual(HOSTILE.map(kept))
      })

      it('of many at once, in any order, from more than one', async () => {
        await write(upTo(60), ['w', 'v'])
        const claims = await claim({ w: 60, v: 60 })
        const said = claims.map((each) => settlement(each))
        const all = upTo(8).map((n) =>
          (n % 2 ? store.outbox : store.otherOutbox).settle(n % 3 ? said : said.toReversed()),
        )
        await Promise.all(all)
        expect(Object.values(await statesOf('w')).every((state) => state === 'delivered')).toBe(true)
        expect(await store.deliveries.counts('v')).toEqual({ delivered: 60 })
      })
    })

    describe('sends again', () => {
      const fail = async () => {
        await write([1, 2, 3], ['w', 'v'])
        const claims = await claim({ w: 3, v: 3 })
        await store.outbox.settle(
          claims.map((each) => settlement(each, { state: each.seq < 3 ? 'dead' : 'delivered' })),
        )
      }

      it('all that is dead, of one receiver, as if new', async () => {
        await fail()
        expect(await store.outbox.redeliver('w', NOON + HOUR)).toBe(2)
        expect(await statesOf('w')).toEqual({ m1: 'pending', m2: 'pending', m3: 'delivered' })
        expect(await statesOf('v')).toEqual({ m1: 'dead', m2: 'dead', m3: 'delivered' })
        expect(await claim({ w: 5 }, NOON + HOUR - 1)).toEqual([])
        expect((await claim({ w: 5 }, NOON + HOUR)).map(({ tries }) => tries)).toEqual([0, 0])
      })

      it('one by its id, also what was delivered', async () => {
        await fail()
        expect(await store.outbox.redeliver('w', NOON, 'm3')).toBe(1)
        expect(await statesOf('w')).toEqual({ m1: 'dead', m2: 'dead', m3: 'pending' })
        for (const id of [...HOSTILE, 'm9', 'm\0', 'm1\0']) expect(await store.outbox.redeliver('w', NOON, id)).toBe(0)
        expect(await statesOf('v')).toEqual({ m1: 'dead', m2: 'dead', m3: 'delivered' })
      })
    })

    describe('forgets', () => {
      const MONTH = 30 * DAY

      it('what was delivered a month ago, and its message when nobody else is to get it', async () => {
        await write([1], ['w'])
        await write([2], ['w', 'v'])
        const claims = await claim({ w: 2, v: 2 })
        const state = (each: Claim) => (each.webhook === 'v' ? 'dead' : 'delivered')
        await store.outbox.settle(claims.map((each) => settlement(each, { state: state(each) })))
        await write([3], ['w'])
        const [later] = await claim({ w: 1 })
        await store.outbox.settle([settlement(later!, { triedAt: NOON + MONTH })])
        expect([await store.rows.countOf('message'), await store.rows.countOf('delivery')]).toEqual([3, 4])
        await write([4], ['w'])
        const [last] = await claim({ w: 1 })
        await store.outbox.settle([settlement(last!, { triedAt: NOON + MONTH + 1 })])
        expect([await statesOf('w'), await statesOf('v')]).toEqual([
          { m3: 'delivered', m4: 'delivered' },
          { m2: 'dead' },
        ])
        expect([await store.rows.countOf('message'), await store.rows.countOf('delivery')]).toEqual([3, 3])
      })

      it('no message that nobody is told of, when more than one forgets its last', async () => {
        await write(upTo(80), ['w', 'v'])
        const claims = await claim({ w: 80, v: 80 })
        await store.outbox.settle(claims.map((each) => settlement(each)))
        await write([100], ['w', 'v'])
        const last = await claim({ w: 1, v: 1 })
        const late = last.map((each) => settlement(each, { triedAt: NOON + MONTH + 1 }))
        for (let round = 0; round < 3; round += 1)
          await Promise.all([store.outbox, store.otherOutbox].flatMap((each) => late.map((one) => each.settle([one]))))
        expect([await store.rows.countOf('message'), await store.rows.countOf('delivery')]).toEqual([1, 2])
      })

      it('a receiver, with all that was on its way to it and to nobody else', async () => {
        await write([1, 2], ['w', 'v'])
        expect([await store.outbox.deleteWebhook('w'), await store.outbox.deleteWebhook('w')]).toEqual([true, false])
        expect([await statesOf('w'), Object.keys(await statesOf('v'))]).toEqual([{}, ['m2', 'm1']])
        expect(idsOf(await store.deliveries.webhooks())).toEqual(['v'])
        expect(await store.deliveries.webhook('w')).toBeUndefined()
      })
    })

    it('lists what is on its way: the newest first, page by page, by state, and counts it', async () => {
      await write(upTo(9))
      const [first] = await claim({ w: 1 })
      await store.outbox.settle([settlement(first!, { state: 'dead' })])
      const list = async (more: object) => idsOf(await store.deliveries.deliveries({ webhook: 'w', limit: 4, ...more }))
      expect(await list({})).toEqual(['m9', 'm8', 'm7', 'm6'])
      expect(await list({ before: 6 })).toEqual(['m5', 'm4', 'm3', 'm2'])
      expect(await list({ before: 2 })).toEqual(['m1'])
      expect(await list({ state: 'dead' })).toEqual(['m1'])
      expect(await list({ before: 3, state: 'pending' })).toEqual(['m2'])
      expect(await store.deliveries.counts('w')).toEqual({ pending: 8, dead: 1 })
      expect(await store.deliveries.counts('v')).toEqual({})
    })

    it('keeps receivers as they are set up, in the order in which they were', async () => {
      await store.outbox.putWebhook(webhook('a', { createdAt: NOON + 1, site: 'default', state: 'off' }))
      await store.outbox.putWebhook(webhook('v', { label: 'new', types: ['a', 'b'], createdAt: NOON + 9 }))
      expect(await store.deliveries.webhooks()).toEqual([
        webhook('v', { label: 'new', types: ['a', 'b'] }),
        webhook('w'),
        webhook('a', { createdAt: NOON + 1, site: 'default', state: 'off' }),
      ])
    })

    it.each(HOSTILE_CASES)('keeps a label as it is: %s', async (_, label) => {
      await store.outbox.putWebhook(webhook('x', { label, types: [label], reason: label, sealed: label }))
      const told = (await store.deliveries.webhook('x'))!
      expect([kept(told.label), kept(told.reason!), told.types]).toEqual([kept(label), kept(label), [label]])
      expect(await store.deliveries.webhook(label)).toBeUndefined()
      expect(await store.deliveries.deliveries({ webhook: label, limit: 5 })).toEqual([])
      expect(await store.outbox.deleteWebhook(label)).toBe(false)
      expect(await store.deliveries.webhooks()).toHaveLength(3)
    })
  })
}
