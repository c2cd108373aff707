/** A visitor as a row of a spreadsheet, under the column names that whoever imports it goes by. */
import type { Visitor } from './answer.ts'

export const AUDIENCES = ['spreadsheet', 'hubspot', 'salesforce'] as const
export type Audience = (typeof AUDIENCES)[number]

type Cell = string | number | null
type Column = (visitor: Visitor) => Cell

export interface LeadSheet {
  readonly columns: readonly string[]
  /** Undefined for whom the importer has no use. */
  readonly rowOf: (visitor: Visitor) => readonly Cell[] | undefined
}

const trait =
  (...names: readonly string[]): Column =>
  ({ traits }) => {
    const found = names
      .map((name) => traits[name])
      .find((value) => typeof value === 'string' || typeof value === 'number')
    return (found as Cell | undefined) ?? null
  }

const EMAIL = trait('email')
const COMPANY = trait('company', 'companyName')
const TITLE = trait('jobTitle', 'title')
const reasons: Column = ({ why }) => why.map(({ signal, value }) => `${signal} ${value}`).join(', ')

/** An international number that no spreadsheet takes for a formula. */
const phone: Column = (visitor) => {
  const given = trait('phone')(visitor)
  return typeof given === 'string' ? given.replace(/^\s*\+/, '00') : given
}

const named =
  (part: 'first' | 'last'): Column =>
  (visitor) => {
    const given = trait(part === 'first' ? 'firstName' : 'lastName')(visitor)
    const words = String(trait('name')(visitor) ?? '')
      .trim()
      .split(/\s+/)
    return given ?? ((part === 'first' ? words.slice(0, -1).join(' ') : words.at(-1)) || null)
  }

const EVERYTHING: Readonly<Record<string, Column>> = {
  id: ({ id }) => id,
  site: ({ site }) => site,
  stage: ({ stage }) => stage,
  funnel: ({ funnel }) => funnel,
  stageSince: ({ stageSince }) => stageSince,
  score: ({ score }) => score,
  momentum: ({ momentum }) => momentum,
  coolsAt: ({ coolsAt }) => coolsAt,
  qualification: ({ qualification }) => qualification,
  qualificationSince: ({ qualificationSince }) => qualificationSince,
  flags: ({ flags }) => flags.join(' '),
  fit: ({ fit }) => fit.grade,
  fitPercent: ({ fit }) => fit.percent,
  priority: ({ priority }) => priority,
  email: EMAIL,
  name: trait('name'),
  company: COMPANY,
  jobTitle: TITLE,
  phone: trait('phone'),
  account: ({ account }) => account,
  why: reasons,
  topics: ({ topics }) => topics.map(({ topic }) => topic).join(', '),
  next: ({ next }) => next.content,
  firstSeen: ({ firstSeen }) => firstSeen,
  lastSeen: ({ lastSeen }) => lastSeen,
  sessions: ({ sessions }) => sessions,
  views: ({ views }) => views,
  engagedSeconds: ({ engagedSeconds }) => engagedSeconds,
  firstMedium: ({ source }) => source.first?.medium ?? null,
  firstSource: ({ source }) => source.first?.source ?? null,
  firstCampaign: ({ source }) => source.first?.campaign ?? null,
  lastMedium: ({ source }) => source.last?.medium ?? null,
  lastSource: ({ source }) => source.last?.source ?? null,
  modelVersion: ({ modelVersion }) => modelVersion,
}

/** HubSpot's own names of its lifecycle stages. */
const LIFECYCLE = {
  anonymous: 'subscriber',
  iql: 'lead',
  recycled: 'lead',
  mql: 'marketingqualifiedlead',
  sql: 'salesqualifiedlead',
  customer: 'customer',
} as const

const HUBSPOT: Readonly<Record<string, Column>> = {
  Email: EMAIL,
  'First Name': named('first'),
  'Last Name': named('last'),
  'Company Name': COMPANY,
  'Job Title': TITLE,
  'Phone Number': phone,
  'Lifecycle Stage': ({ qualification }) => LIFECYCLE[qualification],
  'Leadlight Score': ({ score }) => score,
  'Leadlight Stage': ({ stage }) => stage,
  'Leadlight Priority': ({ priority }) => priority,
  'Leadlight Reasons': reasons,
}

/** Salesforce takes no lead without a last name and a company. */
const UNKNOWN = '[not provided]'

const SALESFORCE: Readonly<Record<string, Column>> = {
  'First Name': named('first'),
  'Last Name': (visitor) => named('last')(visitor) ?? UNKNOWN,
  Company: (visitor) => COMPANY(visitor) ?? visitor.account ?? UNKNOWN,
  Title: TITLE,
  Email: EMAIL,
  Phone: phone,
  'Lead Source': ({ source }) => source.first?.medium ?? null,
  Rating: ({ score }) => (score >= 50 ? 'Hot' : score >= 20 ? 'Warm' : 'Cold'),
  'Leadlight Score': ({ score }) => score,
  'Leadlight Stage': ({ stage }) => stage,
  'Leadlight Qualification': ({ qualification }) => qualification,
  'Leadlight Reasons': reasons,
}

const SHEETS = { spreadsheet: EVERYTHING, hubspot: HUBSPOT, salesforce: SALESFORCE } as const

export const sheetFor = (audience: Audience): LeadSheet => {
  const sheet: Readonly<Record<string, Column>> = SHEETS[audience]
  const columns = Object.values(sheet)
  return {
    columns: Object.keys(sheet),
    // A contact is known to the others by the address.
    rowOf: (visitor) =>
      audience === 'spreadsheet' || EMAIL(visitor) !== null ? columns.map((column) => column(visitor)) : undefined,
  }
}
