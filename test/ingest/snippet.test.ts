/** What the snippet sends, and what becomes of it. */
import { describe, expect, it, test } from 'vitest'
import { parseSnippet } from '../../collector/ingest/snippet.ts'
import { browser, DAY, one, RECEIVED, read, seen, snippet } from './arrival.ts'

const common = { id: 'e1', at: RECEIVED, source: 'browser' }

describe('each type', () => {
  it.each([
    [
      {
        type: 'page',
        view: 'v',
        url: 'https://a.example/x?sid=1',
        title: 'X',
        referrer: 'https://b.example/?q=1',
        funnel: 'bofu',
        signal: ' pricing ',
        topic: 'backup',
      },
      {
        type: 'page',
        view: 'v',
        url: 'https://a.example/x',
        title: 'X',
        referrer: 'https://b.example/',
        funnel: 'bofu',
        signal: 'pricing',
        topic: 'backup',
      },
    ],
    [{ type: 'page', url: 'about:blank', title: null, funnel: null }, { type: 'page' }],
    [{ type: 'page', more: { of: 'it' } }, { type: 'page' }],
    [
      { type: 'engagement', view: 'v', seconds: 41.5, scroll: 80 },
      { type: 'engagement', view: 'v', seconds: 41.5, scroll: 80 },
    ],
    [
      { type: 'engagement', view: 'v', seconds: -1, scroll: 101 },
      { type: 'engagement', view: 'v', seconds: 0, scroll: 100 },
    ],
    [
      { type: 'engagement', view: 'v', seconds: 1e9, scroll: -0.1 },
      { type: 'engagement', view: 'v', seconds: 86_400, scroll: 0 },
    ],
    [
      { type: 'download', url: 'https://a.example/g.pdf', funnel: 'mofu' },
      { type: 'download', url: 'https://a.example/g.pdf', funnel: 'mofu' },
    ],
    [{ type: 'click' }, { type: 'click' }],
    [
      { type: 'click', url: 'https://y.example/', outbound: true, signal: 'comparison' },
      { type: 'click', url: 'https://y.example/', outbound: true, signal: 'comparison' },
    ],
    [{ type: 'click', outbound: 'yes' }, { type: 'click' }],
    [
      { type: 'click', url: 'tel:+1', signal: 'callback_request' },
      { type: 'click', signal: 'callback_request' },
    ],
    [
      { type: 'form', form: 'demo', step: 'start' },
      { type: 'form', form: 'demo', step: 'start' },
    ],
    [
      {
        type: 'form',
        form: '',
        step: 'submit',
        filled: 4,
        errors: -1,
        field: 'mail',
        purpose: 'login',
        traits: { Email: 'A@B.co' },
      },
      {
        type: 'form',
        form: '',
        step: 'submit',
        filled: 4,
        errors: 0,
        field: 'mail',
        purpose: 'login',
        traits: { email: 'a@b.co' },
      },
    ],
    [
      { type: 'search', query: 'backup vs copy' },
      { type: 'search', query: 'backup vs copy' },
    ],
    [
      { type: 'media', name: 'demo', percent: 50 },
      { type: 'media', name: 'demo', percent: 50 },
    ],
    [
      { type: 'track', name: 'quiz', props: { a: [1, null] } },
      { type: 'track', name: 'quiz', props: { a: [1, null] } },
    ],
    [
      { type: 'track', name: 'quiz' },
      { type: 'track', name: 'quiz' },
    ],
    [
      { type: 'identify', traits: { email: 'a@b.co' } },
      { type: 'identify', traits: { email: 'a@b.co' } },
    ],
    [
      { type: 'consent', state: 'granted' },
      { type: 'consent', state: 'granted' },
    ],
  ])('%j', (wire, expected) => {
    expect(one(wire)).toEqual({ ...common, ...expected })
  })
})

const INVALID = [
  [{ type: 'page', url: 1 }, 'url takes text'],
  [{ type: 'page', funnel: 'bottom' }, 'funnel takes one of tofu, mofu, bofu'],
  [{ type: 'page', at: '2026' }, 'at takes a number'],
  [{ type: 'page', at: null }, 'at takes a number'],
  [{ type: 'page', id: '' }, 'id takes text of 1 to 255 characters'],
  [{ type: 'page', id: '\0' }, 'id takes text of 1 to 255 characters'],
  [{ type: 'page', id: 7 }, 'id takes text of 1 to 255 characters'],
  [{ type: 'page', id: undefined }, 'id takes text of 1 to 255 characters'],
  [{ type: 'engagement', seconds: 1, scroll: 1 }, 'view takes text of 1 to 255 characters'],
  [{ type: 'engagement', view: 'v', scroll: 1 }, 'seconds takes a number'],
  [{ type: 'download' }, 'url takes text'],
  [{ type: 'download', url: 'data:,x' }, 'url takes an http or https address'],
  [{ type: 'form', form: 'x', step: 'go' }, 'step takes one of start, submit, abandon'],
  [{ type: 'form', form: 'x', step: 'submit', traits: [] }, 'traits takes an object'],
  [{ type: 'track', name: '' }, 'name takes a name'],
  [{ type: 'track', name: 'x', props: 'y' }, 'props takes an object'],
  [{ type: 'identify' }, 'traits takes an object'],
  [{ type: 'consent', state: true }, 'state takes one of granted, denied'],
] as const

it.each(INVALID)('%j is invalid: %s', (wire, message) => {
  expect(one(wire)).toMatchObject({ index: 0, code: 'invalid', message })
})

it.each(['nope', undefined, null, 5, 'constructor', '__proto__', 'toString', 'feedback', 'adjust'])(
  'the type %j is unknown',
  (type) => {
    expect(one({ type })).toMatchObject({ code: 'unknown_type' })
  },
)

it.each([null, 5, 'x', true, [], [[]]])('the event %j is invalid, and the others count', (item) => {
  const { events, rejected } = snippet([item, seen({ type: 'click' })])
  expect(rejected).toMatchObject([{ index: 0, id: null, code: 'invalid' }])
  expect(events).toMatchObject([{ index: 1, who: { anonymous: 'V' } }])
})

it.each([
  ['', 'bad_json'],
  ['{', 'bad_json'],
  ['[]', 'bad_body'],
  ['null', 'bad_body'],
  ['"x"', 'bad_body'],
  ['{}', 'bad_body'],
  ['{"events":{}}', 'bad_body'],
])('the body %j is refused: %s', (text, code) => {
  expect(parseSnippet(text, browser)).toMatchObject({ status: 400, code })
})

describe('what is around the events', () => {
  const event = seen({ type: 'click' })

  test('key and automation', () => {
    expect(snippet([event])).toMatchObject({ key: 'S', automated: false })
    expect(snippet([event], { automated: true })).toMatchObject({ automated: true })
    expect(snippet([event], { site: 5, automated: 'yes' })).toMatchObject({ key: undefined, automated: false })
  })

  it.each([undefined, null, '', '\0', 7, {}, 'v'.repeat(256)])('the visitor %j is nobody', (visitor) => {
    expect(snippet([event], { visitor }).rejected).toMatchObject([{ index: 0, id: 'e1', code: 'no_visitor' }])
  })

  test('a site without storage names its visitors itself', () => {
    const visitor = (key: string | undefined, named: string | undefined) => `${key} made, not ${named}`
    const { events } = snippet([event], { visitor: undefined }, { ...browser, visitor })
    expect(events[0]?.who).toEqual({ anonymous: 'S made, not undefined' })
  })

  it.each([
    [RECEIVED + 5000, RECEIVED + 7000, RECEIVED - 2000],
    [RECEIVED - 40 * DAY, undefined, RECEIVED - DAY],
    [RECEIVED - 2 * DAY, 'now', RECEIVED - DAY], // a clock that cannot be read is none
  ])('at %d, sent %j, is %d here', (at, sent, expected) => {
    expect(snippet([{ ...event, at }], { sent }).events[0]?.event.at).toBe(expected)
  })

  test('hash routing is what the body says', () => {
    const page = { type: 'page', url: 'https://a.example/#/pricing' }
    expect(one(page)).toMatchObject({ url: 'https://a.example/' })
    expect(one(page, { hash: true })).toMatchObject({ url: 'https://a.example/#/pricing' })
  })
})

test('what only looks as if it had a length is invalid in every field', () => {
  const odd = { length: { toString: null }, size: { toString: null } }
  const fields = ['id', 'at', 'view', 'url', 'title', 'funnel', 'signal']
  for (const field of fields)
    expect(one({ type: 'page', [field]: odd })).toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(`^${field} takes`),
    })
  expect(snippet([seen({ type: 'click' })], { visitor: odd, site: odd }).rejected).toMatchObject([
    { code: 'no_visitor' },
  ])
})

test('no message repeats what was sent', () => {
  const canary = 'canary-7f3a'
  const wrong = { id: [canary], at: canary, url: [canary], step: canary, form: [canary], [canary]: canary }
  const types = [
    'page',
    'engagement',
    'download',
    'click',
    'form',
    'search',
    'media',
    'track',
    'identify',
    'consent',
    canary,
  ]
  const batch = snippet(types.map((type) => ({ ...wrong, type })))
  expect(batch.rejected).toHaveLength(types.length)
  expect(JSON.stringify(batch)).not.toContain(canary)
  expect(JSON.stringify(parseSnippet(`{"${canary}`, browser))).not.toContain(canary)
})

test('a number too large for the language is no number', () => {
  const text = '{"visitor":"V","events":[{"id":"e","type":"page","at":1e400}]}'
  expect(read(parseSnippet(text, browser)).rejected).toMatchObject([{ message: 'at takes a number' }])
})
