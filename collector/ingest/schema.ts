/** What comes over the wire, field by field. These schemas are the specification, and later the OpenAPI document. */
import { z } from 'zod'
import { FORM_STEPS, FUNNELS } from '../../shared/event.ts'
import type { Issue } from './batch.ts'
import { CAPS } from './text.ts'

// Every error says what the field takes; what was given is never repeated.
const text = z.string('text')
const number = z.number('a number')
const count = number.nullish()
const record = z.record(z.string(), z.unknown(), 'an object')
const ID = `text of 1 to ${CAPS.id} characters`
/**
 * At least one character that is not NUL, for NUL is stripped. A pattern, because zod's `max` reads the length of what
 * is no text too, and throws on `{"length":{"toString":null}}`.
 */
const id = z
  .string(ID)
  .regex(new RegExp(`^(?=[\\s\\S]*[^\\0])[\\s\\S]{1,${CAPS.id}}$`, 'u'), ID)
  .meta({ minLength: 1, maxLength: CAPS.id })
const name = z.string('a name').regex(/[^\0]/, 'a name')
const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, `one of ${values.join(', ')}`)

/** A field that cannot be read counts as missing. */
const lenient = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined)

const occurrence = {
  id: id.describe('Unique. The event counts once, by this'),
  at: number.describe('When it happened, epoch milliseconds on the clock of the browser'),
  view: id.nullish().describe('The page view in which it happened'),
}
const tag = {
  funnel: oneOf(FUNNELS).nullish(),
  signal: text.nullish(),
  topic: text.nullish(),
}

/** The events of the snippet, by type. */
export const SNIPPET_EVENTS = {
  page: z.object({
    ...occurrence,
    ...tag,
    type: z.literal('page'),
    url: text.nullish(),
    title: text.nullish(),
    referrer: text.nullish(),
  }),
  engagement: z.object({
    ...occurrence,
    type: z.literal('engagement'),
    view: id,
    seconds: number.describe('Engaged seconds of the view so far'),
    scroll: number.describe('Deepest scroll of the view so far, 0 to 100'),
  }),
  download: z.object({ ...occurrence, ...tag, type: z.literal('download'), url: text }),
  click: z.object({
    ...occurrence,
    ...tag,
    type: z.literal('click'),
    url: text.nullish(),
    outbound: z.boolean().nullish().catch(undefined).describe('The link leads to another site'),
  }),
  form: z.object({
    ...occurrence,
    ...tag,
    type: z.literal('form'),
    form: text,
    step: oneOf(FORM_STEPS),
    filled: count,
    errors: count,
    field: text.nullish(),
    purpose: text.nullish(),
    traits: record.nullish(),
  }),
  search: z.object({ ...occurrence, ...tag, type: z.literal('search'), query: text }),
  media: z.object({ ...occurrence, ...tag, type: z.literal('media'), name: text, percent: number }),
  track: z.object({ ...occurrence, type: z.literal('track'), name, props: record.nullish() }),
  identify: z.object({ ...occurrence, type: z.literal('identify'), traits: record }),
  consent: z.object({ ...occurrence, type: z.literal('consent'), state: oneOf(['granted', 'denied']) }),
} as const
export type SnippetEvent = z.infer<(typeof SNIPPET_EVENTS)[keyof typeof SNIPPET_EVENTS]>

/** What is around the events. A field that cannot be read counts as missing: the verdicts are the events'. */
export const SnippetHead = z.object({
  site: lenient(id).describe('The public key of the site'),
  visitor: lenient(id).describe('A random id of 128 bits; none where the browser keeps none'),
  sent: lenient(number).describe('The clock of the browser on sending, epoch milliseconds'),
  automated: lenient(z.boolean()).describe('The browser is driven by a program'),
  hash: lenient(z.boolean()).describe('The site routes by the hash: `#/…` and `#!/…` are part of the address'),
})

export type SnippetHead = z.infer<typeof SnippetHead>

const idOrNumber = z.union([id, number], `${ID}, or a number`)
/** Libraries send an empty id for none. */
const OPTIONAL_ID = `text of at most ${CAPS.id} characters, or a number`
const shortText = z
  .string()
  .regex(new RegExp(`^[\\s\\S]{0,${CAPS.id}}$`, 'u'), OPTIONAL_ID)
  .meta({ maxLength: CAPS.id })
const optionalId = z.union([shortText, number], OPTIONAL_ID).nullish()
const place = {
  url: lenient(text),
  path: lenient(text),
  title: lenient(text),
  referrer: lenient(text),
  search: lenient(text),
}

/** What is read of the properties of a page or screen. They are the sender's own, so what does not fit is left out. */
export const PageProperties = z.object({
  ...place,
  funnel: lenient(z.enum(FUNNELS)),
  signal: lenient(text),
  topic: lenient(text),
  engagedSeconds: lenient(number),
  scrollPercent: lenient(number),
})
export type PageProperties = z.infer<typeof PageProperties>

export const SessionId = lenient(idOrNumber)

/** What is read of a context, in which libraries put what they like. */
export const Context = z.object({
  page: lenient(z.object(place)),
  campaign: lenient(z.record(z.string(), z.unknown())),
  traits: lenient(record),
  sessionId: SessionId,
})
export type Context = z.infer<typeof Context>

const time = z.union([z.string(), number], 'an ISO 8601 time').nullish()
const call = {
  messageId: optionalId.describe('The id of the event; without it one is made of the content'),
  anonymousId: optionalId,
  userId: optionalId,
  timestamp: time,
  originalTimestamp: time,
  sentAt: time,
  context: record.nullish(),
}

/** The calls of Segment's specification, by type. */
export const SEGMENT_CALLS = {
  track: z.object({ ...call, event: name, properties: record.nullish() }),
  page: z.object({ ...call, name: text.nullish(), properties: record.nullish() }),
  screen: z.object({ ...call, name: text.nullish(), properties: record.nullish() }),
  identify: z.object({ ...call, traits: record.nullish() }),
  group: z.object({ ...call, groupId: idOrNumber, traits: record.nullish() }),
  alias: z.object({ ...call, previousId: idOrNumber, userId: idOrNumber }),
} as const
export type CallType = keyof typeof SEGMENT_CALLS
export type Call = { [T in CallType]: { readonly type: T } & z.infer<(typeof SEGMENT_CALLS)[T]> }[CallType]

/** Says which field of an event is wrong and what it takes. */
export const issueIn = ({ issues: [first] }: z.core.$ZodError): Issue => ({
  code: 'invalid',
  message: first?.path.length ? `${first.path.join('.')} takes ${first.message}` : 'an event takes an object',
})
