/** What each kind of receiver is sent, against stand-ins of the real ones. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createEdition } from '../../collector/edition.ts'
import { filled } from '../../collector/outbox/generic.ts'
import type { Order, Verdict } from '../../collector/outbox/plan.ts'
import { type Kind, planFor, SETUP, settingsFor, shownUrl } from '../../collector/outbox/receiver.ts'
import { follow } from '../../collector/outbox/relay.ts'
import type { Memory } from '../../collector/outbox/salesforce.ts'
import { createSend } from '../../collector/outbox/send.ts'
import { inertMrkdwn } from '../../collector/outbox/slack.ts'
import { sampleMessage } from '../../collector/sample-lead.ts'
import type { Visitor } from '../../shared/answer.ts'
import { DEFAULT_MODEL } from '../../shared/default-model.ts'
import type { Message } from '../../shared/message.ts'
import { openSink, type Sink } from './sink.ts'
import { HUBSPOT_PROPERTIES, openHubspot, openSalesforce, openSlack } from './stand-ins.ts'

const NOW = Date.UTC(2026, 5, 1, 12)
const MINUTE = 60_000
const send = createSend({ allowsPrivate: true, patience: 2000 })
const edition = createEdition({ version: 1, model: DEFAULT_MODEL })
const sample = sampleMessage(edition, NOW)

/** A hand-off of the sample lead, or of one who differs. */
const message = (visitor: Partial<Visitor> = {}, rest: Partial<Message> = {}): Message => ({
  ...sample,
  type: 'lead.handoff',
  ...rest,
  data: { ...sample.data, visitor: { ...sample.data.visitor, ...visitor } },
})
const order = (told: Message, now = NOW): Order => ({ id: 'msg_1', body: JSON.stringify(told), message: told, now })
const deliver = (kind: Kind, setup: object, told: Order, memory: Memory = {}): Promise<Verdict> =>
  follow(planFor(kind, told, { settings: settingsFor(setup as never), memory }), send)

const sinks: Sink[] = []
const opened = <Opened extends { readonly sink: Sink }>(opened: Opened): Opened => {
  sinks.push(opened.sink)
  return opened
}
afterEach(() => Promise.all(sinks.splice(0).map((sink) => sink.close())))

describe('Slack', () => {
  it('is told who, why and what next, at a glance', async () => {
    const slack = opened(await openSlack())
    const verdict = await deliver('slack', { url: slack.url }, order(message()))
    expect(verdict).toEqual({ is: 'delivered', outcome: 'Slack took it' })
    expect(slack.messages[0]!.text).toBe('New SQL: Test Lead, Example')
    const all = JSON.stringify(slack.messages[0]!.blocks)
    for (const part of ['Score 60 (?2', 'SQL since 2026-06-01 11:50 UTC', 'Next: A demo', 'Pricing'])
      expect(all).toContain(part)
  })

  it('and is called by nobody: what strangers wrote stays text', async () => {
    const slack = opened(await openSlack())
    const name = '<!channel> <@U123> <https://evil.example|click> *bold* & `code`'
    const told = message({ traits: { name, email: 'a@b.example' }, next: { content: name, why: '' } })
    const { packet: _, ...data } = told.data
    await deliver('slack', { url: slack.url }, order({ ...told, data }))
    expect(slack.messages[0]!.text).not.toMatch(/[<>]/)
    const marked = slack.messages[0]!.blocks.flatMap(({ text, fields = [] }) => [text, ...fields]).filter(
      (each) => each?.type === 'mrkdwn',
    )
    expect(marked).toEqual([])
    expect(inertMrkdwn('<!here> & co')).toBe('&lt;!here&gt; &amp; co')
  })

  it('whatever the length: within its bounds', async () => {
    const slack = opened(await openSlack())
    const long = '😀'.repeat(5000)
    const told = message({ traits: { name: long, email: long }, next: { content: long, why: long } })
    const { packet: _, ...data } = told.data
    expect(await deliver('slack', { url: slack.url }, order({ ...told, data }))).toMatchObject({ is: 'delivered' })
    expect(JSON.stringify(slack.messages[0]).isWellFormed()).toBe(true)
  })

  it('keeps its address to itself: that is its secret', () => {
    const settings = settingsFor({ url: 'https://hooks.slack.com/services/T0/B0/secret' })
    expect(shownUrl('slack', settings)).toBe('https://hooks.slack.com/…')
  })
})

describe('HubSpot', () => {
  const TOKEN = 'pat-eu1-x'
  let hubspot: Awaited<ReturnType<typeof openHubspot>>
  beforeEach(async () => {
    hubspot = opened(await openHubspot(TOKEN))
  })
  const base = () => new URL(hubspot.url).origin
  const tell = (told: Message) => deliver('hubspot', { url: base(), token: TOKEN }, order(told))
  const contact = () => [...hubspot.contacts.values()][0]!

  it('gets a contact that it does not know, once', async () => {
    expect(await tell(message())).toEqual({ is: 'delivered', outcome: 'answered 201' })
    expect(await tell(message())).toEqual({ is: 'delivered', outcome: 'answered 200' })
    expect(hubspot.contacts.size).toBe(1)
    expect(contact()).toMatchObject({
      ...{ email: 'test@example.com', lifecyclestage: 'salesqualifiedlead', company: 'Example' },
      ...{
        leadlight_stage: 'intent',
        leadlight_qualification: 'sql',
        leadlight_score: String(sample.data.visitor.score),
      },
    })
    expect(contact().leadlight_reasons).toMatch(/^SQL since .*raised their hand/)
  })

  it.each([
    ['', 'iql', 'lead'],
    ['subscriber', 'iql', 'lead'],
    ['lead', 'mql', 'marketingqualifiedlead'],
    ['marketingqualifiedlead', 'sql', 'salesqualifiedlead'],
    ['salesqualifiedlead', 'mql', 'salesqualifiedlead'],
    ['opportunity', 'sql', 'opportunity'],
    ['customer', 'iql', 'customer'],
    ['evangelist', 'customer', 'evangelist'],
    ['salesqualifiedlead', 'recycled', 'salesqualifiedlead'],
    ['1234567', 'sql', '1234567'], // a stage of their own making
    ['other', 'sql', 'other'],
  ] as const)(
    'moves the lifecycle stage forward only: %s, told of an %s, is %s',
    async (before, qualification, after) => {
      hubspot.contacts.set('7', { email: 'test@example.com', lifecyclestage: before })
      await tell(message({ qualification }))
      expect(contact().lifecyclestage).toBe(after)
      expect(contact().leadlight_qualification).toBe(qualification)
    },
  )

  it('is not told again what a newer message has overtaken', async () => {
    await tell(message({ score: 80 }, { timestamp: '2026-06-01T12:00:00.000Z' }))
    const late = await tell(message({ score: 20 }, { timestamp: '2026-06-01T11:00:00.000Z' }))
    expect(late).toEqual({ is: 'delivered', outcome: 'nothing to do: HubSpot knows newer' })
    expect(contact().leadlight_score).toBe('80')
  })

  it('says what is missing there', async () => {
    const bare = opened(await openHubspot(TOKEN, HUBSPOT_PROPERTIES.slice(0, 4)))
    const verdict = await deliver('hubspot', { url: new URL(bare.url).origin, token: TOKEN }, order(message()))
    expect(verdict).toMatchObject({ is: 'failed', outcome: expect.stringContaining('make leadlight_at') })
  })

  it.each([
    ['a wrong token', { token: 'wrong' }, 'failed'],
    ['nobody known by an address', {}, 'delivered'],
  ])('%s', async (what, setup, is) => {
    const told = what.startsWith('nobody') ? message({ traits: {} }) : message()
    expect(await deliver('hubspot', { url: base(), token: TOKEN, ...setup }, order(told))).toMatchObject({ is })
    expect(hubspot.contacts.size).toBe(0)
  })

  it('is only looked at by a test', async () => {
    expect(await tell(sample)).toMatchObject({ is: 'delivered' })
    expect(hubspot.contacts.size).toBe(0)
  })

  it('an address that is a path leads to no other place', async () => {
    await tell(message({ traits: { email: '../../../oauth/x?y=@acme.example' } }))
    expect(hubspot.received.map(({ path }) => path.split('?')[0]!.split('/').slice(0, 5).join('/'))).toEqual(
      hubspot.received.map(() => '/crm/v3/objects/contacts'),
    )
    expect(contact().email).toBe('../../../oauth/x?y=@acme.example')
  })
})

describe('Salesforce', () => {
  let salesforce: Awaited<ReturnType<typeof openSalesforce>>
  let memory: Memory
  beforeEach(async () => {
    salesforce = opened(await openSalesforce('shh'))
    memory = {}
  })
  const setup = (clientSecret = 'shh') => ({ url: new URL(salesforce.url).origin, clientId: 'id', clientSecret })
  const tell = (told: Message, now = NOW) => deliver('salesforce', setup(), order(told, now), memory)

  it('gets a lead by our id: made once, changed after', async () => {
    expect(await tell(message())).toEqual({ is: 'delivered', outcome: 'answered 201' })
    expect(await tell(message({ score: 12 }))).toEqual({ is: 'delivered', outcome: 'answered 204' })
    expect([...salesforce.leads]).toEqual([
      [
        sample.data.visitor.id,
        expect.objectContaining({
          ...{ LastName: 'Lead', Company: 'Example', Email: 'test@example.com' },
          ...{ Leadlight_Score__c: 12, Leadlight_Qualification__c: 'sql' },
        }),
      ],
    ])
  })

  it('is asked for a token once, and for another when that has ended', async () => {
    await tell(message())
    await tell(message())
    expect(salesforce.state.tokens).toBe(1)
    salesforce.state.valid = 'ended'
    expect(await tell(message())).toMatchObject({ is: 'delivered' })
    expect(salesforce.state.tokens).toBe(2)
    expect(salesforce.received).toHaveLength(6)
  })

  it('is left alone where most of its requests of the day are spent, and asked again after an hour', async () => {
    salesforce.state.used = 90
    expect(await tell(message())).toMatchObject({ is: 'delivered' })
    const before = salesforce.received.length
    expect(await tell(message(), NOW + MINUTE)).toEqual({
      ...{ is: 'failed', retryAfter: 59 * MINUTE },
      outcome: 'put off: most of today’s requests to Salesforce are spent',
    })
    expect(salesforce.received).toHaveLength(before)
    salesforce.state.used = 5
    expect(await tell(message(), NOW + 61 * MINUTE)).toMatchObject({ is: 'delivered' })
    expect(await tell(message(), NOW + 62 * MINUTE)).toMatchObject({ is: 'delivered' })
  })

  it('that has none left is heard', async () => {
    salesforce.state.used = 100
    expect(await tell(message())).toMatchObject({ is: 'failed', retryAfter: 60 * MINUTE })
  })

  it('a wrong secret is no end: it may be set right', async () => {
    expect(await deliver('salesforce', setup('wrong'), order(message()))).toEqual({
      is: 'failed',
      outcome: 'Salesforce gave no token (answered 400)',
    })
  })

  it.each([
    [{ email: 'a@b.example' }, 'a@b.example', '[not known]'],
    [{ email: 'a@b.example', name: 'Ada King Lovelace', company: 'Engines' }, 'Lovelace', 'Engines'],
    [{ email: 'a@b.example', name: '平塚らいてう' }, '平塚らいてう', '[not known]'],
    [{ email: 'a@b.example', name: ' ', company: ' ' }, 'a@b.example', '[not known]'],
    [{ email: 'a@b.example', name: 'x'.repeat(500), company: '😀'.repeat(500) }, 'x'.repeat(80), undefined],
  ])('has what it must have of %o', async (traits, lastName, company) => {
    expect(await tell(message({ traits, account: null }))).toMatchObject({ is: 'delivered' })
    const lead = [...salesforce.leads.values()][0]!
    expect(lead.LastName).toBe(lastName)
    if (company !== undefined) expect(lead.Company).toBe(company)
  })

  it('hears nothing of those without an address, and is only looked at by a test', async () => {
    expect(await tell(message({ traits: {} }))).toMatchObject({ is: 'delivered' })
    expect(salesforce.received).toEqual([])
    expect(await tell(sample)).toMatchObject({ is: 'delivered' })
    expect(salesforce.leads.size).toBe(0)
  })
})

describe('anything else', () => {
  const template = {
    text: 'Hello {{data.visitor.traits.name}}, score {{ data.visitor.score }}!',
    score: '{{data.visitor.score}}',
    groups: '{{data.visitor.groups}}',
    list: ['{{type}}', { deep: '{{data.visitor.traits.nothing}}' }],
    none: '{{data.visitor.__proto__.polluted}}{{data.visitor.traits.constructor}}',
    as: { it: 'is', n: 5, no: null },
  }

  it('gets its own words with ours in them, signed', async () => {
    const sink = await openSink()
    sinks.push(sink)
    const setup = { url: sink.url, template, headers: { authorization: 'Token x' } }
    expect(await deliver('generic', setup, order(message()))).toMatchObject({ is: 'delivered' })
    const { score, groups } = sample.data.visitor
    expect(JSON.parse(sink.received[0]!.body)).toEqual({
      ...{ text: `Hello Test Lead, score ${score}!`, score, groups },
      ...{ list: ['lead.handoff', { deep: null }], none: '', as: { it: 'is', n: 5, no: null } },
    })
    expect(sink.received[0]!.headers).toMatchObject({ authorization: 'Token x', 'webhook-id': 'msg_1' })
  })

  it.each(['"}, "admin": true, "x": {"', '\\', '"\n\r\t\u0000', '{{type}}', '\u2028'])(
    'is not broken by %j',
    (name) => {
      const text = JSON.stringify(filled({ a: 'x {{n}} y', b: '{{n}}' }, { n: name, type: 'no' }))
      expect(JSON.parse(text)).toEqual({ a: `x ${name} y`, b: name })
    },
  )

  const nested = (depth: number): unknown => (depth === 0 ? 1 : { x: nested(depth - 1) })
  it.each([
    [{ url: 'https://x.example', template: { a: 1 } }, true],
    [{ url: 'https://x.example', template: 'text' }, false],
    [{ url: 'https://x.example', template: { a: 'x'.repeat(20_000) } }, false],
    [{ url: 'https://x.example', template: nested(30) }, true],
    [{ url: 'https://x.example', template: nested(5000) }, false],
    [{ url: 'https://x.example', template: {}, headers: { 'x-key': 'a\r\nb: c' } }, false],
    [{ url: 'https://x.example', template: {}, headers: { 'x\r\n': 'a' } }, false],
    [{ url: 'https://x.example', template: {}, headers: { Host: 'a' } }, false],
    [{ url: 'https://x.example', template: {}, headers: { 'Webhook-Id': 'a' } }, false],
    [{ url: 'https://x.example', template: {}, headers: { 'content-length': '1' } }, false],
  ])('is set up with something fit alone: %#', (setup, isFit) => {
    expect(SETUP.generic.safeParse(setup).success).toBe(isFit)
  })
})
