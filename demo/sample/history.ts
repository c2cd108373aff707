/** Months of made-up visitors, as calls of a Segment-compatible SDK: what `/v1/import` takes. */
import { createDice, type Dice } from './dice.ts'
import { JOURNEYS, type Journey, type Step } from './journeys.ts'
import { type Company, type Contact, makeCompanies, makeContact } from './people.ts'

export interface HistoryOptions {
  /** The same seed makes the same people. */
  readonly seed: number
  readonly people: number
  readonly days: number
  /** The history ends here: epoch ms. */
  readonly now: number
}

/** One call, with what its type takes. */
export interface Call {
  readonly [field: string]: unknown
  readonly type: string
  readonly timestamp: string
}

const [MINUTE, DAY] = [60_000, 86_400_000]
const HOST = 'https://www.cairnhold.example'
const SOURCES: readonly Readonly<Record<string, string>>[] = [
  ...[
    { referrer: 'https://www.google.com/' },
    { referrer: 'https://www.google.com/' },
    { referrer: 'https://duckduckgo.com/' },
  ],
  ...[{}, {}, { referrer: 'https://community.example/backups' }],
  ...[
    { query: 'utm_source=google&utm_medium=cpc&utm_campaign=autumn' },
    { query: 'utm_source=newsletter&utm_medium=email' },
  ],
  { query: 'utm_source=linkedin&utm_medium=social' },
]

const journeyOf = (dice: Dice): Journey => {
  let left = dice.roll()
  for (const journey of JOURNEYS) {
    left -= journey.part
    if (left < 0) return journey
  }
  return JOURNEYS[0]!
}

interface Visit {
  readonly id: string
  readonly contact: Contact
  /** Of the first page of the first visit. */
  readonly source: Readonly<Record<string, string>>
  readonly dice: Dice
}

const traitsOf = ({ name, email, title, company }: Contact) => ({
  ...{ name, email, jobTitle: title, company: company.name },
  ...{ companySize: company.size, industry: company.industry, country: company.country },
})

const shapeOf = (
  step: Step,
  { contact, source, dice }: Visit,
  isFirst: boolean,
): { readonly [field: string]: unknown; readonly type: string } => {
  if ('track' in step) return { type: 'track', event: step.track, properties: {} }
  if ('search' in step) return { type: 'track', event: 'Products Searched', properties: { query: step.search } }
  if ('tells' in step) return { type: 'identify', userId: contact.email, traits: traitsOf(contact) }
  const { page, ...tags } = step
  const { query, referrer } = isFirst ? source : {}
  const url = `${HOST}${page}${query ? `?${query}` : ''}`
  const read = { engagedSeconds: dice.between(8, 140), scrollPercent: dice.between(20, 100) }
  return { type: 'page', properties: { url, ...(referrer && { referrer }), ...tags, ...read } }
}

/** All that one visitor does, in order of time; nothing after the end. */
const callsOf = (visit: Visit, options: HistoryOptions): readonly Call[] => {
  const { dice, id } = visit
  const journey = journeyOf(dice)
  // More come of late than long ago, as with a website that grows.
  let at = options.now - (1 - Math.sqrt(dice.roll())) * options.days * DAY
  const calls: Call[] = []
  for (const [v, steps] of journey.visits(dice).entries()) {
    if (v > 0) at += dice.between(...journey.pause) * DAY + dice.between(-240, 240) * MINUTE
    for (const [s, step] of steps.entries()) {
      at += dice.between(1, 4) * MINUTE
      const call = shapeOf(step, visit, v + s === 0)
      const name = { messageId: `${id}-${v}-${s}`, anonymousId: id, timestamp: new Date(Math.round(at)).toISOString() }
      if (at < options.now) calls.push({ ...call, ...name })
    }
  }
  return calls
}

const contactAt = (dice: Dice, companies: readonly Company[]): Contact => makeContact(dice, dice.pick(companies))

/** Every call, visitor by visitor. */
export const makeHistory = (options: HistoryOptions): readonly Call[] => {
  const { seed, people } = options
  const companies = makeCompanies(createDice(seed), Math.max(4, Math.round(people / 14)))
  return Array.from({ length: people }, (_, n) => {
    const dice = createDice(seed * 7919 + n)
    const id = `sample-${seed}-${n}-${Math.floor(dice.roll() * 0x1_0000_0000).toString(16)}`
    const visit = { id, contact: contactAt(dice, companies), source: dice.pick(SOURCES), dice }
    return callsOf(visit, options)
  }).flat()
}
