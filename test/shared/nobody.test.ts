/** What somebody did, as nobody's: nothing tells who it was, and it counts for what it counted before. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { replayed } from '../../shared/append.ts'
import { DEFAULT_MODEL } from '../../shared/default-model.ts'
import type { VisitorEvent } from '../../shared/event.ts'
import { createMask, disguise } from '../../shared/nobody.ts'
import { createFold } from '../../shared/visitor.ts'
import { DAY, NOON } from './given.ts'
import { eventsOf, history } from './histories.ts'

const event = (body: object): VisitorEvent => ({ id: 'e1', at: NOON, source: 'browser', ...body }) as VisitorEvent
const only = (body: object, names: readonly string[] = []) => disguise([event(body)], { names, prefix: 'n' }).events[0]!

describe('an address', () => {
  it.each([
    ['https://a.example/pricing', 'https://a.example/pricing'],
    ['https://a.example/u/ann-smith/orders', 'https://a.example/u/*/orders'],
    ['https://a.example/u/Ann%20Smith', 'https://a.example/u/*'],
    ['https://a.example/u/Ann%2520Smith', 'https://a.example/u/*'],
    ['https://a.example/u/ann%ff', 'https://a.example/u/*'],
    ['https://ann.example/pricing', 'https://somewhere.invalid/pricing'],
    ['https://a.example/annual', 'https://a.example/annual'],
    ['https://a.example/order/1234567', 'https://a.example/order/*'],
    ['https://a.example/order/1234', 'https://a.example/order/1234'],
    ['https://a.example/x/ann%40acme.example', 'https://a.example/x/*'],
    ['https://a.example/s/0123456789abcdef0123', 'https://a.example/s/*'],
    [
      'https://a.example/?utm_medium=email&utm_campaign=spring&utm_term=ann&q=x&ref=y',
      '?utm_medium=email&utm_campaign=spring',
    ],
    ['https://a.example/?gclid=Cj0KCQ&utm_source=ann%20smith', '?gclid=1&utm_source=*'],
  ])('%s', (url, left) => {
    const { url: found } = only({ type: 'page', url }, ['ann smith', 'ann']) as { url?: string }
    expect(found?.endsWith(left), found).toBe(true)
  })
})

it('the words of a name tell as much as the whole, but not the provider of a mailbox', () => {
  const traits = { name: 'Ann Smith', email: 'a.smithers@mail.example' }
  const events = [event({ type: 'identify', traits }), event({ type: 'page', url: 'https://shop.example/mail/ann' })]
  const { events: left } = disguise([...events, event({ type: 'track', name: 'smithers called' })], {
    names: [],
    prefix: 'n',
  })
  expect(left.slice(1)).toMatchObject([{ url: 'https://shop.example/mail/*' }, { name: '*' }])
})

describe('text', () => {
  it.each([
    ['Ann Smith', ['ann smith'], '*'],
    ['for ANN SMITH, with care', ['Ann Smith'], '*'],
    ['Annabel', ['ann'], 'Annabel'],
    ['Order Completed', ['ed'], 'Order Completed'],
    ['Müller GmbH', ['müller'], '*'],
    ['call 015112345', [], '*'],
    ['top 10', [], 'top 10'],
  ])('%j, of somebody called %j', (text, names, left) => {
    expect(createMask(names)(text)).toBe(left)
  })

  it('that somebody typed is not kept at all', () => {
    expect(only({ type: 'search', query: 'my secret' })).not.toHaveProperty('query', 'my secret')
    expect(only({ type: 'track', name: 'Chat', props: { text: 'my secret' } })).not.toHaveProperty('props')
    expect(only({ type: 'feedback', verdict: 'lost', reason: 'my secret', amount: 3 })).toEqual({
      ...{ id: 'n-00000000', at: NOON, source: 'browser', type: 'feedback' },
      ...{ verdict: 'lost', amount: 3 },
    })
  })
})

const WORD = 'canary'
const text = fc.constantFrom(`${WORD}@mail.example`, `x ${WORD} y`, `a/${WORD}/b`, WORD.toUpperCase(), `${WORD}-1`)
const url = text.map((part) => `https://a.example/${encodeURI(part)}?utm_source=${encodeURIComponent(part)}&x=${part}`)
const anything = fc.oneof(
  fc.record({ type: fc.constant('page'), url, title: text, referrer: url, signal: text, topic: text, view: text }),
  fc.record({ type: fc.constant('engagement'), view: text, seconds: fc.nat(99), scroll: fc.nat(99), session: text }),
  fc.record({ type: fc.constant('download'), url, signal: text }),
  fc.record({ type: fc.constant('click'), url, topic: text }),
  fc.record({ type: fc.constant('form'), form: text, step: fc.constant('submit'), field: text, purpose: text }),
  fc.record({ type: fc.constant('search'), query: text, topic: text }),
  fc.record({ type: fc.constant('media'), name: text, percent: fc.nat(99) }),
  fc.record({ type: fc.constant('track'), name: text, props: fc.dictionary(text, text) }),
  fc.record({ type: fc.constant('identify'), traits: fc.dictionary(text, text) }),
  fc.record({ type: fc.constant('group'), account: text, traits: fc.dictionary(text, text) }),
  fc.record({ type: fc.constant('feedback'), verdict: fc.constant('rejected'), reason: text }),
  fc.record({ type: fc.constant('adjust'), points: fc.nat(9), group: fc.constant('intent'), reason: text }),
)

it('nothing that any event may hold tells of them any more', () => {
  fc.assert(
    fc.property(fc.array(anything, { minLength: 1, maxLength: 20 }), (bodies) => {
      const events = bodies.map((body, n) => event({ ...body, id: `${WORD}-${n}` }))
      const { events: left } = disguise(events, { names: [WORD], prefix: 'n' })
      expect(JSON.stringify(left).toLowerCase()).not.toContain(WORD)
      expect(left).toHaveLength(events.length)
    }),
    { numRuns: 500 },
  )
})

it('what they did counts for the same, but for what their words and their name meant', () => {
  const fold = createFold(DEFAULT_MODEL)
  const meant = ({ type }: VisitorEvent) => type !== 'search' && type !== 'identify' && type !== 'group'
  fc.assert(
    fc.property(history(), (steps) => {
      // Search words are gone from addresses too.
      const events = eventsOf(steps)
        .filter(meant)
        .map((each) =>
          'url' in each && each.url?.includes('utm_term') ? { ...each, url: 'https://x.example/' } : each,
        )
      const { events: left } = disguise(events as VisitorEvent[], { names: ['nobody'], prefix: 'n' })
      const [before, after] = [events as VisitorEvent[], left].map((some) => {
        const state = replayed(fold, some, { transitions: [] })
        if (state) fold.advance(state, NOON + 400 * DAY, { transitions: [] })
        return state && { heat: state.heat, stage: state.stage, views: state.views, entered: state.entered }
      })
      expect(after).toEqual(before)
    }),
    { numRuns: 200 },
  )
})
