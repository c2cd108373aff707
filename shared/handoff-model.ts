/** The parts of a model about handing over: what sales is told and when, how soon they answer, and whose a lead is. */
import { z } from 'zod'
import { list, Word } from './bounded.ts'
import { isTimeZone } from './calendar.ts'

const Time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'takes a time of day such as 08:30')
const Minutes = z.number().positive().max(20_160)
const Zone = Word.refine(isTimeZone, 'no such time zone; take one such as Europe/Berlin')

/** What can be handed over: somebody new to sales, or one that others are to look after. */
export const HANDOFFS = ['mql', 'sql', 'customer', 'expansion'] as const

export const Alerts = z.strictObject({
  on: list(z.enum(HANDOFFS)).describe('What makes a hand-off. Nobody below MQL is ever handed over.'),
  everyDays: z.number().min(0).max(365).describe('The same hand-off of the same person at most once in so many days.'),
  newsDays: z
    .number()
    .positive()
    .max(365)
    .describe('What is learned of later than so many days after it happened is history: recorded, but not told.'),
  quiet: z
    .strictObject({ from: Time, to: Time })
    .optional()
    .describe('Hand-offs and reminders wait until these hours end, in the time zone of the owner.'),
})

const Clock = z.strictObject({
  minutes: Minutes.describe('Sales is to answer within so many minutes …'),
  inBusinessHours: z.boolean().describe('… of business hours, or of any hours.'),
})
export const Sla = z.strictObject({
  businessHours: z
    .strictObject({
      days: list(z.number().int().min(1).max(7), 7).describe('1 for Monday to 7 for Sunday.'),
      from: Time,
      to: Time,
    })
    .describe('When somebody is there to answer, in the model’s time zone.'),
  handRaise: Clock.describe('After somebody asked to be called.'),
  sql: Clock.describe('After any other SQL.'),
  mql: Clock.describe('After an MQL.'),
  warnPercent: z.number().positive().max(99).describe('A first reminder after so much of the time.'),
})

const Owner = z.strictObject({
  id: Word.describe('A short name that rules and the trait `owner` use.'),
  name: Word.describe('What people call them.'),
  email: Word.optional(),
  timeZone: Zone.optional().describe('For quiet hours; the model’s own if left out.'),
})
const Wishes = z.strictObject({
  country: list(Word).optional().describe('Values of the trait country.'),
  companySize: z
    .tuple([z.number(), z.number()])
    .optional()
    .describe('From so many people to so many, by the trait companySize.'),
  account: list(Word).optional().describe('Companies, as accounts are named.'),
})
export const Routing = z.strictObject({
  owners: list(Owner, 200).describe('Who leads can belong to.'),
  rules: list(
    z.strictObject({
      when: Wishes.default({}).describe('All of these must hold. Empty: always.'),
      owners: list(Word, 200).describe('Of several, each in turn: a company always to the same.'),
    }),
    200,
  ).describe('The first that holds decides.'),
})

export type Alerts = z.infer<typeof Alerts>
export type Sla = z.infer<typeof Sla>
export type Routing = z.infer<typeof Routing>
export type Owner = z.infer<typeof Owner>

export const DEFAULT_ALERTS: Alerts = { on: ['mql', 'sql', 'customer', 'expansion'], everyDays: 7, newsDays: 3 }

export const DEFAULT_SLA: Sla = {
  businessHours: { days: [1, 2, 3, 4, 5], from: '09:00', to: '18:00' },
  handRaise: { minutes: 5, inBusinessHours: true },
  sql: { minutes: 60, inBusinessHours: false },
  mql: { minutes: 1440, inBusinessHours: false },
  warnPercent: 50,
}
