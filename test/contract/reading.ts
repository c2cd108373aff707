/** What any store must tell in its reports of counts, leads, companies and people: runs over each. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AggregateQuery, LeadsQuery } from '../../collector/store/store.ts'
import { HAND_RAISED } from '../../shared/qualification.ts'
import { newcomer } from '../../shared/state.ts'
import { type Beside, HOSTILE, type OpenBeside } from './beside.ts'
import { event, HOUR, NOON } from './events.ts'

export const describeReading = (name: string, open: OpenBeside): void => {
  describe(name, () => {
    let store: Beside
    beforeEach(async () => {
      store = await open()
    })
    afterEach(() => store.close())

    describe('the counts', () => {
      const read = async (query: Partial<AggregateQuery> = {}) => {
        const rows = await store.views.aggregates({ kind: 'step', from: 10, to: 20, closed: 15, ...query })
        const sums = new Map<string, readonly [number, number]>()
        for (const { of, end, n, closed } of rows) {
          const [all, done] = sums.get(`${of} ${end}`) ?? [0, 0]
          sums.set(`${of} ${end}`, [all + n, done + closed])
        }
        return Object.fromEntries(sums)
      }
      const count = (day: number, n: number, more: object = {}) =>
        store.rows.count({ kind: 'step', what: 'intent', outcome: '1', day, n, ...more })

      it('are summed over the days asked for, and of these over those whose window has closed', async () => {
        for (const day of [9, 10, 14, 15, 19, 20]) await count(day, day)
        expect(await read()).toEqual({ 'intent 1': [10 + 14 + 15 + 19, 10 + 14] })
        expect(await read({ to: 11 })).toEqual({ 'intent 1': [10, 10] })
        expect(await read({ from: 30, to: 40 })).toEqual({})
      })

      it('are of what was asked for, and of its site', async () => {
        await count(10, 1)
        await count(10, 2, { site: 'other' })
        await count(10, 4, { what: 'interest' })
        await count(10, 8, { outcome: '0' })
        await count(10, 16, { kind: 'move' })
        expect(await read()).toEqual({ 'intent 1': [3, 3], 'interest 1': [4, 4], 'intent 0': [8, 8] })
        expect(await read({ site: 'other' })).toEqual({ 'intent 1': [2, 2] })
        expect(await read({ kind: 'move' })).toEqual({ 'intent 1': [16, 16] })
        for (const site of [...HOSTILE, 'nobody’s', 'default\0']) expect(await read({ site })).toEqual({})
      })

      it('are the sum of what each collector has counted', async () => {
        await count(10, 5, { lane: 1 })
        await count(10, -2, { lane: 2 })
        await count(11, 1, { lane: 3 })
        expect(await read()).toEqual({ 'intent 1': [4, 4] })
      })
    })

    describe('the leads', () => {
      const read = (query: Partial<LeadsQuery> = {}) =>
        store.leads({ from: NOON, to: NOON + HOUR, after: 0, limit: 100, ...query })
      let seq = 0
      beforeEach(async () => {
        seq = 0
        for (const n of [1, 2, 3]) await store.rows.person({ n, id: `p${n}` })
        await store.rows.person({ n: 4, id: 'p4', site: 'other' })
      })
      const became = (visitor: number, target: string, more: object = {}) => {
        seq += 1
        const row = { seq, visitor, at: NOON, what: 'qualification', source: 'none', rule: 'r', ...more } as const
        return store.rows.transition({ ...row, target })
      }
      const said = (visitor: number, verdict: string, at: number) => {
        seq += 1
        return store.rows.feedback({ visitor, verdict, at, seq })
      }
      const plain = {
        kind: 'mql',
        modelVersion: 1,
        at: NOON,
        touchedAt: undefined,
        wasInTouch: false,
        outcome: undefined,
      }

      it('are who became one in the time asked for, by what happened, of the site asked for', async () => {
        await became(1, 'mql')
        await became(2, 'sql', { at: NOON + 5 })
        await became(3, 'sql', { at: NOON + 6, rule: HAND_RAISED })
        await became(4, 'mql', { at: NOON + 7 })
        await became(1, 'iql')
        await became(1, 'mql', { at: NOON - 1 })
        await became(1, 'mql', { at: NOON + HOUR })
        await became(2, 'mql', { at: NOON + 9, cause: 'model' })
        const { items, next } = await read()
        expect(items.map(({ kind, at }) => [kind, at - NOON])).toEqual([
          ['mql', 0],
          ['sql', 5],
          ['handRaise', 6],
          ['mql', 7],
        ])
        expect([items[0], next]).toEqual([plain, undefined])
        expect((await read({ site: 'other' })).items).toEqual([{ ...plain, at: NOON + 7 }])
        for (const site of HOSTILE) expect((await read({ site })).items).toEqual([])
      })

      it('are read page by page, each once', async () => {
        for (let n = 0; n < 5; n += 1) await became(1, 'mql', { at: NOON + n })
        const times: number[] = []
        let after: number | undefined = 0
        while (after !== undefined) {
          const page: Awaited<ReturnType<typeof read>> = await read({ after, limit: 2 })
          times.push(...page.items.map(({ at }) => at - NOON))
          after = page.next
        }
        expect(times).toEqual([0, 1, 2, 3, 4])
      })

      it('were answered with the first word of sales from then on, and judged by the last', async () => {
        await became(1, 'mql')
        await said(1, 'contacted', NOON - 1)
        await said(1, 'contacted', NOON + 3)
        await said(1, 'accepted', NOON + 4)
        await said(1, 'rejected', NOON + 5)
        await said(2, 'won', NOON + 1)
        await became(2, 'sql')
        expect((await read()).items).toEqual([
          { ...plain, touchedAt: NOON + 3, outcome: 'bad' },
          { ...plain, kind: 'sql', touchedAt: NOON + 1, outcome: 'good' },
        ])
      })

      it('that bought were good ones where nobody says otherwise; who was in touch already was', async () => {
        const flag = { what: 'flag', source: 'none', target: 'sales_active', at: NOON - 5 }
        await became(1, 'sales_active', flag)
        await became(1, 'mql')
        await became(1, 'customer', { at: NOON + 9 })
        await became(2, 'sales_active', flag)
        await became(2, 'none', { ...flag, source: 'sales_active', at: NOON - 1 })
        await became(2, 'mql')
        expect((await read()).items).toEqual([{ ...plain, wasInTouch: true, outcome: 'good' }, plain])
      })

      it('are one where two turn out to be one person, and told of both', async () => {
        await store.rows.person({ n: 2049, id: 'part', root: 1 })
        await became(2049, 'mql')
        await became(1, 'mql')
        await became(1, 'mql', { at: NOON + 1 })
        await said(2049, 'accepted', NOON + 2)
        const told = { ...plain, touchedAt: NOON + 2, outcome: 'good' }
        expect((await read()).items).toEqual([told, { ...told, at: NOON + 1 }])
      })
    })

    describe('the companies', () => {
      const person = (n: number, account: string, more: object = {}) =>
        store.rows.person({ n, id: `p${n}`, account, warmth: 10, ...more })
      const names = async (query: object = {}) =>
        (await store.views.accounts({ key: 10, ...query })).map(({ id }) => id).toSorted()

      it('are of their people, whose scores can add up to no more than it says', async () => {
        await person(1, 'acme.com')
        await person(2, 'acme.com', { warmth: 12 })
        await person(3, 'acme.com', { site: 'other', warmth: undefined })
        await person(4, 'acme.com', { root: 1 })
        await person(5, 'else.com', { warmth: undefined })
        const all = await store.views.accounts({ key: 11 })
        expect(all.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
          { id: 'acme.com', people: 3, most: 2.5 },
          { id: 'else.com', people: 1, most: 0 },
        ])
        expect(await store.views.accounts({ key: 10, account: 'acme.com', site: 'other' })).toEqual([
          { id: 'acme.com', people: 1, most: 0 },
        ])
        expect(await store.views.accounts({ key: 10, account: 'acme' })).toEqual([])
        expect(await names({ site: 'other' })).toEqual(['acme.com'])
        for (const site of HOSTILE) expect(await names({ site })).toEqual([])
      })

      it('are found by words in their names, in whatever case, which stand for nothing else', async () => {
        const all = ['100%.com', 'a_b.com', 'axb.com', 'back\\slash', `o'hara & "sons"`, '😀.example']
        for (const [i, account] of all.entries()) await person(i + 1, account)
        expect(await names({ q: '%' })).toEqual(['100%.com'])
        expect(await names({ q: '_' })).toEqual(['a_b.com'])
        expect(await names({ q: 'A_B' })).toEqual(['a_b.com'])
        expect(await names({ q: '\\' })).toEqual(['back\\slash'])
        expect(await names({ q: `O'H` })).toEqual([`o'hara & "sons"`])
        expect(await names({ q: '😀' })).toEqual(['😀.example'])
        expect(await names({ q: 'b.com' })).toEqual(['a_b.com', 'axb.com'])
        for (const q of ['x'.repeat(10_000), '%'.repeat(5000), '\ud800', `'; DROP TABLE visitor; --`])
          expect(await names({ q })).toEqual([])
      })

      it('however cold or hot they are, are told of without a fault', async () => {
        await person(1, 'cold.com', { warmth: -1e5 })
        await person(2, 'hot.com', { warmth: 1e5 })
        const [cold, hot] = (await store.views.accounts({ key: 0 })).toSorted((a, b) => a.most - b.most)
        expect([cold!.id, hot!.id]).toEqual(['cold.com', 'hot.com'])
        expect([cold!.most < 1e-9, hot!.most > 1e200]).toEqual([true, true])
      })

      it('list their people, the warmest first, those without warmth last', async () => {
        const state = newcomer(NOON)
        for (const [i, warmth] of [3, undefined, 9, 5].entries()) await person(i + 1, 'acme.com', { warmth, state })
        await person(5, 'acme.com', { root: 1, state })
        await person(6, 'acme.com', { site: 'other', warmth: 99, state })
        const list = async (more: object) =>
          (await store.views.colleagues({ account: 'acme.com', limit: 100, ...more })).map(({ id }) => id)
        expect(await list({})).toEqual(['p6', 'p3', 'p4', 'p1', 'p2'])
        expect(await list({ limit: 2 })).toEqual(['p6', 'p3'])
        expect(await list({ site: 'default' })).toEqual(['p3', 'p4', 'p1', 'p2'])
        expect(await list({ account: 'acme.com\0' })).toEqual([])
        const [first] = await store.views.colleagues({ account: 'acme.com', limit: 1 })
        expect(first).toEqual({ id: 'p6', site: 'other', state, changed: first!.changed, modelVersion: 1 })
      })
    })

    describe('a person', () => {
      const webhook = { kind: 'slack', site: undefined, types: [], state: 'on', reason: undefined, sealed: '' } as const
      beforeEach(async () => {
        await store.outbox.putWebhook({ ...webhook, id: 'w', label: 'sales', createdAt: NOON })
        await store.outbox.putWebhook({ ...webhook, id: 'v', label: 'marketing', createdAt: NOON - 1 })
        await store.rows.person({ n: 2, id: 'ann', user: 'u1', email: 'ann@acme.example' })
        await store.rows.person({ n: 1025, id: 'phone', root: 2 })
        await store.rows.person({ n: 3, id: 'bob' })
      })

      it('was told of to these receivers, with what became of it, in the order in which it was written', async () => {
        await store.rows.message({ seq: 7, id: 'late', visitor: 2, at: NOON + 1, type: 'b', to: ['w'] })
        await store.rows.message({ seq: 5, id: 'early', visitor: 1025, at: NOON, type: 'a', to: ['w', 'v'] })
        await store.rows.message({ seq: 6, id: 'other', visitor: 3, to: ['w'] })
        await store.rows.message({ seq: 8, id: 'unheard', visitor: 2, to: [] })
        const [claim] = await store.outbox.claim({ now: NOON, until: NOON + 1, free: [{ webhook: 'v', slots: 1 }] })
        const result = { state: 'dead', dueAt: NOON, tries: 1, triedAt: NOON, outcome: 'no' } as const
        await store.outbox.settle([{ webhook: 'v', seq: claim!.seq, ...result }])
        const sales = { kind: 'slack', label: 'sales', state: 'pending' }
        expect(await store.views.messages('ann')).toEqual([
          { id: 'early', type: 'a', at: NOON, deliveries: [{ ...sales, label: 'marketing', state: 'dead' }, sales] },
          { id: 'late', type: 'b', at: NOON + 1, deliveries: [sales] },
          { id: 'unheard', type: 'lead.handoff', at: NOON, deliveries: [] },
        ])
        await store.outbox.deleteWebhook('w')
        expect((await store.views.messages('bob')).map(({ deliveries }) => deliveries)).toEqual([[]])
        for (const id of [...HOSTILE, 'ann\0']) expect(await store.views.messages(id)).toEqual([])
      })

      it('is held with every name and part, the survivor first, from whichever part one asks', async () => {
        await store.rows.name({ visitor: 1025, kind: 'anonymous', value: 'a1' })
        await store.rows.name({ visitor: 2, kind: 'email', value: 'ann@acme.example' })
        await store.rows.name({ visitor: 3, kind: 'anonymous', value: 'b1' })
        const { parts } = await store.views.held('ann')
        expect(parts).toEqual([
          {
            id: 'ann',
            user: 'u1',
            email: 'ann@acme.example',
            names: [{ kind: 'email', value: 'ann@acme.example' }],
          },
          { id: 'phone', user: undefined, email: undefined, names: [{ kind: 'anonymous', value: 'a1' }] },
        ])
        expect((await store.views.held('phone')).parts).toEqual(parts)
        for (const id of [...HOSTILE, 'ann\0', 'nobody'])
          expect(await store.views.held(id)).toEqual({ parts: [], rejected: [], others: {} })
      })

      it('is held with what other tables have of them, and nobody else', async () => {
        for (const visitor of [2, 1025, 3]) {
          await store.rows.feedback({ visitor, at: NOON, seq: visitor, verdict: 'won' })
          await store.rows.message({ seq: visitor + 10, id: `m${visitor}`, visitor, to: [], body: 'words' })
        }
        const { others } = await store.views.held('ann')
        const tables = Object.keys(others).filter((table) => others[table]!.length > 0)
        expect(tables.toSorted()).toEqual(['feedback', 'message'])
        const visitors = (table: string) =>
          others[table]!.map((row) => (row as { visitor: number }).visitor).toSorted((a, b) => a - b)
        expect([visitors('feedback'), visitors('message')]).toEqual([
          [2, 1025],
          [2, 1025],
        ])
        expect(others.message![0]).toMatchObject({ body: 'words' })
      })

      it('is held with what was rejected and says their name, or names an event of theirs', async () => {
        await store.rows.name({ visitor: 1025, kind: 'anonymous', value: 'a1b2c3' })
        const rejected = (id: string, message: string, site = 'default') =>
          store.rows.rejected({ at: NOON, site, id, code: 'invalid', message })
        await store.rows.events({
          visitor: 1025,
          seq: 50,
          events: [event('page', { id: 'e1' }), event('page', { id: 'e2' })],
        })
        await rejected('e1', 'no such key')
        await rejected('e2', 'the same id, elsewhere', 'other')
        await rejected('x', 'a1b2c3 is no number')
        await rejected('phone', 'not this')
        await rejected('y', 'of somebody else')
        const told = (await store.views.held('ann')).rejected
        expect(told.map(({ id }) => id)).toEqual(['e1', 'x', 'phone'])
        expect(told[0]).toEqual({ at: NOON, site: 'default', id: 'e1', code: 'invalid', message: 'no such key' })
      })
    })
  })
}
