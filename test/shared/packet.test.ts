/** What sales gets to see of a lead: all of it on one page, and nothing that could do harm. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_MODEL } from '../../shared/default-model.ts'
import type { VisitorEvent } from '../../shared/event.ts'
import { PACKET_LIMIT, packetOf } from '../../shared/packet.ts'
import { inertHtml, inertMarkdown, packetHtml, packetMarkdown } from '../../shared/packet-text.ts'
import { createFold } from '../../shared/visitor.ts'
import { day, event, identify, page, track } from './given.ts'
import { eventsOf, history } from './histories.ts'

const fold = createFold(DEFAULT_MODEL, { companyOf: (email) => email.split('@')[1] })
const lens = { model: DEFAULT_MODEL, modelVersion: 3, ...fold }
const packet = (events: readonly VisitorEvent[], days = 100, link: string | undefined = 'https://leads.example/#/v') =>
  packetOf({ id: 'c0ffee', site: 'default', events, at: day(days), link }, fold, lens)

const view = (url: string, title: string) => ({ url: `https://x.example${url}`, title })
const buyer = [
  page(0, undefined, { ...view('/blog/a?utm_medium=email', 'A blog post'), view: 'v1', topic: 'backup' }),
  event(0.001, 'engagement', { view: 'v1', seconds: 95, scroll: 80 }),
  page(1, 'case_study', view('/customers/a', 'How A did it')),
  page(1.01, 'case_study', view('/customers/a?again=1', 'How A did it')),
  event(1.02, 'search', { query: 'backup reviews' }),
  page(1.03, 'pricing', { ...view('/pricing', 'Pricing'), funnel: 'bofu' }),
  event(1.04, 'consent', { state: 'granted' }),
  identify(2, { email: 'ann@acme.example', name: 'Ann', company: 'Acme', jobTitle: 'CTO' }),
  event(2.01, 'form', { form: 'demo', step: 'submit', signal: 'demo_request' }),
  event(2.02, 'feedback', { verdict: 'contacted', reason: 'left a message' }),
]

describe('a packet', () => {
  const told = packet(buyer, 2.5)!

  it('says who, how they stand, and why now', () => {
    expect(told).toMatchObject({
      who: { email: 'ann@acme.example', name: 'Ann', company: 'Acme', jobTitle: 'CTO' },
      account: 'acme.example',
      qualification: 'sql',
      stage: 'intent',
      priority: expect.stringMatching(/^\?[12]$/),
      consent: 'granted',
      lastFeedback: { verdict: 'contacted', reason: 'left a message' },
      next: DEFAULT_MODEL.nextContent.intent,
      link: 'https://leads.example/#/v',
    })
    expect(told.whyNow[0]).toMatch(/^SQL since .*: raised their hand$/)
    expect(told.coolsAt).not.toBeNull()
  })

  it('says what they read, how often and for how long, whatever was behind the question mark', () => {
    expect(told.content[0]).toMatchObject({ title: 'How A did it', url: 'https://x.example/customers/a', times: 2 })
    expect(told.content.find(({ title }) => title === 'A blog post')).toMatchObject({ times: 1, seconds: 95 })
    expect(told.searches).toMatchObject([{ query: 'backup reviews', times: 1 }])
    expect(told.topics[0]?.topic).toBe('backup')
    expect(told.sources.first).toMatchObject({ medium: 'email' })
  })

  it('says what took them down the funnel, and when', () => {
    const steps = told.path.map(({ to, by }) => `${to} by ${by}`)
    expect(steps[0]).toBe('awareness by null')
    expect(steps).toContain('intent by form demo')
    expect(told.path.map(({ at }) => at)).toEqual(told.path.map(({ at }) => at).toSorted())
  })

  it('names what carries the score, the heaviest first, and no more than that', () => {
    expect(told.contributions[0]).toMatchObject({ signal: 'demo_request', group: 'intent', times: 1 })
    const sum = told.contributions.reduce((all, { value }) => all + value, 0)
    expect(Math.abs(sum - told.score)).toBeLessThan(0.5)
  })

  it('is of that instant', () => {
    expect(packet(buyer, 0.5)).toMatchObject({ qualification: 'anonymous', who: {}, consent: null })
    expect(packet(buyer, -1)).toBeUndefined()
  })
})

const NASTY = fc.oneof(
  fc.constantFrom(
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '[click](javascript:alert(1))',
    '![x](https://evil.example/x.png)',
    '<https://evil.example>',
    'https://evil.example',
    '# heading\n- list\n\n> quote',
    '`code` ***bold*** ~~gone~~ | a | b |',
    '&lt;script&gt; &#60;b&#62;',
    '\u202egnp.exe',
    '\0\u0007\r\n\t',
    '\ud800 half',
    '__proto__',
    '=cmd|calc',
  ),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'binary', minLength: 3000, maxLength: 4000 }),
  fc.constantFrom('"', '\\', '\u0001', '字', '😀', '\u2028', '&').map((sign) => sign.repeat(5000)),
)
const hostile = fc
  .tuple(
    fc.array(fc.record({ title: NASTY, url: NASTY, topic: NASTY, query: NASTY, name: NASTY, form: NASTY }), {
      minLength: 1,
      maxLength: 60,
    }),
    fc.dictionary(NASTY, NASTY, { maxKeys: 60 }),
    NASTY,
  )
  .map(([visits, traits, reason]): readonly VisitorEvent[] => [
    ...visits.flatMap(({ title, url, topic, query, name, form }, n) => [
      page(n, 'case_study', { title, url: `https://x.example/${n}${url}`, topic, referrer: url }),
      event(n + 0.1, 'search', { query: `${n}${query}` }),
      event(n + 0.2, 'media', { signal: 'demo_video', name, percent: 90 }),
      event(n + 0.3, 'form', { form, step: 'submit' }),
    ]),
    identify(61, { ...traits, email: 'ann@acme.example', name: traits.name ?? reason }),
    track(61.1, 'demo_request'),
    event(61.2, 'feedback', { verdict: 'contacted', reason }),
    event(61.3, 'group', { account: reason }),
  ])

describe('whatever strangers write', () => {
  it('a packet is under 20 KB, of whole characters, without control characters', () => {
    fc.assert(
      fc.property(hostile, (events) => {
        const text = JSON.stringify(packet(events, 70))
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(PACKET_LIMIT)
        expect(text.isWellFormed()).toBe(true)
        expect(text).not.toMatch(/\\u0|\\u202e|\\n|\\r/)
      }),
      { numRuns: 60 },
    )
  })

  it('and so it is at its worst: every list full, every text too long, every sign of three bytes', () => {
    const wide = (n: number) => `${n}${'字'.repeat(5000)}`
    const events = Array.from({ length: 40 }, (_, n) => [
      page(n, 'case_study', {
        title: wide(n),
        url: `https://x.example/${wide(n)}`,
        topic: wide(n),
        referrer: `https://${wide(n)}/`,
      }),
      event(n + 0.1, 'search', { query: wide(n) }),
    ]).flat()
    const traits = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [wide(n), wide(n)]))
    const told = packet(
      [...events, identify(40, { ...traits, email: 'a@b.example' }), track(40.1, 'demo_request')],
      41,
    )!
    expect(Buffer.byteLength(JSON.stringify(told))).toBeLessThanOrEqual(PACKET_LIMIT)
    expect(told.who.email).toBe('a@b.example')
    for (const list of [told.content, told.searches, told.path, told.contributions, told.topics])
      expect(list.length).toBeGreaterThan(0)
  })

  it('and so it is of any history', () => {
    fc.assert(
      fc.property(history(40), (steps) => {
        const told = packet(eventsOf(steps), 4000)!
        expect(Buffer.byteLength(JSON.stringify(told))).toBeLessThanOrEqual(PACKET_LIMIT)
        expect(told.contributions.every(({ value }) => Number.isFinite(value))).toBe(true)
      }),
      { numRuns: 100 },
    )
  })

  it('stays text in HTML: no element, no attribute, no address but our own', () => {
    fc.assert(
      fc.property(hostile, (events) => {
        const html = packetHtml(packet(events, 70)!)
        const own = /<(\/?(html|head|title|body|h1|h2|ul|li|p|b|a)|meta|!doctype)\b/g
        expect(html.match(/</g)).toHaveLength(html.match(own)!.length)
        expect(html.match(/<a href="([^"]*)"/g)).toEqual(['<a href="https://leads.example/#/v"'])
        expect(html).not.toMatch(/<[^>]*\son\w+=/)
      }),
      { numRuns: 40 },
    )
  })

  it('stays text in Markdown: every sign that means something stands behind a backslash', () => {
    fc.assert(
      fc.property(NASTY, (text) => {
        const inert = inertMarkdown(text)
        expect(inert.replace(/\\([!-/:-@[-`{-~])/g, '')).not.toMatch(/[!-/:-@[-`{-~]/)
        expect(inert.replace(/\\([!-/:-@[-`{-~])/g, '$1')).toBe(text)
      }),
    )
    const mail = packetMarkdown(packet([...buyer, page(2.1, undefined, view('/x', '[x](javascript:alert(1))'))], 2.5)!)
    expect(mail.match(/(?<!\\)\[/g)).toHaveLength(1)
    expect(mail).toContain('\\[x\\]\\(javascript\\:alert\\(1\\)\\)')
  })
})

it('what is inert in HTML reads as it was written', () => {
  expect(inertHtml(`<a href="x" title='y'>&`)).toBe('&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;')
})
