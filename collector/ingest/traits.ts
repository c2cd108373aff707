/** Traits as one vocabulary, whoever names them; what is not in the table is kept as it is, within bounds. */
import type { Json, Traits } from '../../shared/event.ts'
import { deeper } from './limits.ts'
import { CAPS, clean } from './text.ts'
import { isObject, plainObject } from './value.ts'

const MAX_KEYS = 100
const MAX_LEVELS = 4
const MAX_EMAIL = 254

type Reading = (value: Json) => Json | undefined

const words: Reading = (value) =>
  typeof value === 'string' || typeof value === 'number'
    ? clean(String(value).trim(), CAPS.name) || undefined
    : undefined

const email: Reading = (value) => {
  const text = typeof value === 'string' ? value.trim().toLowerCase() : ''
  return text.length <= MAX_EMAIL && /^[^\s@<>()",;:\\]+@[^\s@<>()",;:\\]+\.[^\s@.<>()",;:\\]+$/.test(text)
    ? text
    : undefined
}

/** `250`, `"51-200"`: the fit reads either. */
const size: Reading = (value) => (typeof value === 'number' ? value : words(value))

const company: Reading = (value) => words(isObject(value) ? ((value as Traits).name ?? null) : value)

/** Names as they come, folded to lower-case letters and digits -> the name here, and how it is read. */
const KNOWN: ReadonlyMap<string, readonly [name: string, read: Reading]> = new Map([
  ['email', ['email', email]],
  ['emailaddress', ['email', email]],
  ['name', ['name', words]],
  ['fullname', ['name', words]],
  ['firstname', ['firstName', words]],
  ['givenname', ['firstName', words]],
  ['lastname', ['lastName', words]],
  ['familyname', ['lastName', words]],
  ['surname', ['lastName', words]],
  ['company', ['company', company]],
  ['companyname', ['company', company]],
  ['organization', ['company', company]],
  ['organisation', ['company', company]],
  ['companysize', ['companySize', size]],
  ['employees', ['companySize', size]],
  ['employeecount', ['companySize', size]],
  ['numberofemployees', ['companySize', size]],
  ['jobtitle', ['jobTitle', words]],
  ['title', ['jobTitle', words]],
  ['organizationtitle', ['jobTitle', words]],
  ['phone', ['phone', words]],
  ['phonenumber', ['phone', words]],
  ['telephone', ['phone', words]],
  ['tel', ['phone', words]],
] as const)

/** What the fit is judged by, where an SDK puts it inside the company. */
const OF_COMPANY = { industry: 'industry', employee_count: 'companySize', employees: 'companySize' } as const

const fold = (name: string) => name.toLowerCase().replace(/[\s_-]/g, '')

const small = (value: Json): Json | undefined => {
  if (typeof value === 'string') return clean(value, CAPS.trait)
  if (typeof value !== 'object' || value === null) return value
  return JSON.stringify(value).length <= CAPS.trait ? value : undefined
}

/** At most 100 traits, of at most 1,024 characters and four levels: longer text is cut, other values are left out. */
export const bounded = (wire: object): Traits => {
  const kept: Record<string, Json> = {}
  const shallow = Object.entries(wire).filter(([, value]) => !deeper(value, MAX_LEVELS))
  for (const [name, value] of Object.entries(plainObject(Object.fromEntries(shallow))).slice(0, MAX_KEYS)) {
    const fit = small(value)
    if (fit !== undefined) kept[clean(name, CAPS.key)] = fit
  }
  return kept
}

/** A person's traits. Where two names mean the same, the one that is spelt as here wins, else the first. */
export const personTraits = (wire: object): Traits => {
  const traits: Record<string, Json> = {}
  const given = bounded(wire)
  for (const [name, value] of Object.entries(given)) {
    const [as, read] = KNOWN.get(fold(name)) ?? [name, (same: Json) => same]
    const trait = read(value)
    if (trait !== undefined && (name === as || !(as in traits))) traits[as] = trait
  }
  const firm = given.company
  if (isObject(firm))
    for (const [inside, as] of Object.entries(OF_COMPANY))
      if (inside in firm && !(as in traits)) traits[as] = (firm as Traits)[inside] ?? null
  return traits
}
