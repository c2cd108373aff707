/** What is dropped, what is flagged, and what a page may not say. */
import { describe, expect, it, test } from 'vitest'
import { type Circumstances, guard } from '../../collector/ingest/guard.ts'
import { seen, segment, snippet } from './arrival.ts'

const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'
const HEADLESS = CHROME.replace('Chrome', 'HeadlessChrome')
const GOOGLEBOT = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'

const site = { allowsAutomation: false, allowsPurchase: false, requiresConsent: false }
const person: Circumstances = { source: 'browser', userAgent: CHROME, purpose: undefined, site, consent: undefined }
const open = { ...site, allowsAutomation: true }

/** `taken`, the flag, or the code of the rejection. */
const verdict = (wire: object, circumstances: Partial<Circumstances> = {}, head: object = {}) => {
  const { events, rejected } = guard(snippet([seen(wire)], head), { ...person, ...circumstances })
  return rejected[0]?.code ?? events[0]?.event.flagged ?? 'taken'
}

describe('no person', () => {
  it.each([
    ['a person', {}, {}, 'taken'],
    ['a crawler', { userAgent: GOOGLEBOT }, {}, 'bot'],
    ['a crawler where automation is allowed', { userAgent: GOOGLEBOT, site: open }, {}, 'bot'],
    ['a script', { userAgent: 'curl/8.5.0' }, {}, 'bot'],
    ['nothing said', { userAgent: undefined }, {}, 'no_user_agent'],
    ['a driven browser', {}, { automated: true }, 'automated'],
    ['a driven browser where it is allowed', { site: open }, { automated: true }, 'taken'],
    ['a headless browser', { userAgent: HEADLESS }, {}, 'headless'],
    ['a headless browser where it is allowed', { userAgent: HEADLESS, site: open }, {}, 'taken'],
    ['a prefetch', { purpose: 'prefetch;prerender' }, {}, 'prefetch'],
    ['a preview', { purpose: 'preview' }, {}, 'prefetch'],
    ['a purpose of another kind', { purpose: 'document' }, {}, 'taken'],
    ['a server library', { source: 'server', userAgent: 'axios/1.7' }, { automated: true }, 'taken'],
    ['a server without a name', { source: 'server', userAgent: undefined, purpose: 'prefetch' }, {}, 'taken'],
  ] as const)('%s', (_, circumstances, head, expected) => {
    expect(verdict({ type: 'page' }, circumstances, head)).toBe(expected)
  })

  test('a flagged event is otherwise as it was', () => {
    const batch = snippet([seen({ type: 'page', signal: 'pricing' })])
    const event = batch.events[0]?.event
    expect(guard(batch, { ...person, userAgent: GOOGLEBOT }).events[0]?.event).toEqual({ ...event, flagged: 'bot' })
  })
})

const COMPANY_ONLY = ['won', 'refund', 'cancel', 'churn', 'opportunity_lost', 'spam_complaint', 'product_activation']

describe.each(COMPANY_ONLY)('%s, which only the company knows', (name) => {
  it.each([
    [{ type: 'track', name }],
    [{ type: 'track', name: ` ${name.toUpperCase().replaceAll('_', ' ')} ` }],
    [{ type: 'page', signal: name }],
    [{ type: 'click', signal: name }],
    [{ type: 'download', url: 'https://a.example/', signal: name }],
    [{ type: 'form', form: 'f', step: 'submit', signal: name }],
    [{ type: 'form', form: 'f', step: 'submit', purpose: name }],
    [{ type: 'search', query: 'q', signal: name }],
    [{ type: 'media', name: 'm', percent: 1, signal: name }],
  ])('%j', (wire) => {
    expect(verdict(wire)).toBe('not_allowed')
    expect(verdict(wire, { source: 'server' })).toBe('taken')
    expect(verdict(wire, { site: { ...site, allowsPurchase: true } })).toBe('not_allowed')
  })
})

test('a purchase counts where the site allows it', () => {
  const wire = { type: 'track', name: 'purchase' }
  expect(verdict(wire)).toBe('not_allowed')
  expect(verdict(wire, { site: { ...site, allowsPurchase: true } })).toBe('taken')
  expect(verdict(wire, { source: 'server' })).toBe('taken')
})

test('a usual name for a barred signal is barred too', () => {
  const signalOf = (name: string) => ({ 'Order Refunded': 'refund', 'Demo Requested': 'demo_request' })[name]
  expect(verdict({ type: 'track', name: 'Order Refunded' })).toBe('taken')
  expect(verdict({ type: 'track', name: 'Order Refunded' }, { signalOf })).toBe('not_allowed')
  expect(verdict({ type: 'track', name: 'Demo Requested' }, { signalOf })).toBe('taken')
})

describe('where consent is required', () => {
  const strict = { ...site, requiresConsent: true }

  it.each([
    [undefined, 'browser', 'consent'],
    ['denied', 'browser', 'consent'],
    ['granted', 'browser', 'taken'],
    [undefined, 'server', 'taken'],
  ] as const)('after %s, from a %s', (consent, source, expected) => {
    expect(verdict({ type: 'page' }, { site: strict, consent, source })).toBe(expected)
  })

  test('a consent in the batch speaks for what follows', () => {
    const states = ['page', 'granted', 'page', 'denied', 'page']
    const wire = states.map((state, n) => ({
      id: `e${n}`,
      at: 1,
      ...(state === 'page' ? { type: 'page' } : { type: 'consent', state }),
    }))
    const { events, rejected } = guard(snippet(wire), { ...person, site: strict })
    expect(events.map(({ index }) => index)).toEqual([1, 2, 3])
    expect(rejected.map(({ index, code }) => [index, code])).toEqual([
      [0, 'consent'],
      [4, 'consent'],
    ])
  })
})

it.each([
  ['https://spam.example/win', 'referrer_spam'],
  ['https://good.example/', 'taken'],
  ['not an address', 'taken'],
])('the referrer %s', (referrer, expected) => {
  expect(verdict({ type: 'page', referrer }, { isSpam: (host) => host === 'spam.example' })).toBe(expected)
})

test('what the parser rejected stays, in the order of the body', () => {
  const wire = [{ type: 'page' }, 5, { type: 'track', name: 'won' }, { type: 'nope' }].map((item) =>
    typeof item === 'object' ? seen(item) : item,
  )
  const { events, rejected } = guard(snippet(wire), person)
  expect(events.map(({ index }) => index)).toEqual([0])
  expect(rejected.map(({ index, code }) => [index, code])).toEqual([
    [1, 'invalid'],
    [2, 'not_allowed'],
    [3, 'unknown_type'],
  ])
})

test('an import tells outcomes', () => {
  const batch = segment({ batch: [{ type: 'track', userId: 'u', event: 'won' }] })
  expect(guard(batch, { ...person, source: 'server' }).events).toHaveLength(1)
})
