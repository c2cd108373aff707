/** Made-up companies and the people who work there. All addresses are of domains that nobody can own. */
import type { Dice } from './dice.ts'

export interface Company {
  readonly name: string
  readonly domain: string
  readonly industry: string
  readonly size: number
  readonly country: string
}

export interface Contact {
  readonly name: string
  readonly email: string
  readonly title: string
  readonly company: Company
}

const PLACES = ['Nordwind', 'Kestrel', 'Brightwell', 'Lumen', 'Harrow', 'Tern', 'Foxglove', 'Alder', 'Quarry', 'Maple']
const TRADES = [
  ['Logistics', 'logistics'],
  ['Dental', 'healthcare'],
  ['Labs', 'software'],
  ['Legal', 'legal'],
  ['Works', 'manufacturing'],
  ['Foods', 'retail'],
] as const
const COUNTRIES = ['DE', 'US', 'GB', 'FR', 'ES', 'PT', 'JP', 'NL']
const FIRST = [
  ...['Ada', 'Bruno', 'Chiara', 'Dev', 'Esther', 'Farid', 'Greta', 'Hiro', 'Ines', 'Jonas', 'Kaya', 'Leo', 'Mei'],
  ...['Noor', 'Olga', 'Pia', 'Quentin', 'Rosa', 'Sam', 'Tariq', 'Uma', 'Vera', 'Wanda', 'Xavier', 'Yuki', 'Zoe'],
]
const LAST = [
  ...['Lindqvist', 'Keller', 'Romano', 'Patel', 'Okafor', 'Nazari', 'Holm', 'Tanaka', 'Ferreira', 'Weber', 'Demir'],
  ...['Moreau', 'Chen', 'Haddad', 'Ivanova', 'Costa', 'Dubois', 'Marin', 'Reed', 'Aziz', 'Rao', 'Novak', 'Silva'],
]
const TITLES = ['Head of IT', 'CTO', 'Systems administrator', 'Office manager', 'Managing director', 'Buyer', 'Student']

export const makeCompanies = (dice: Dice, count: number): readonly Company[] =>
  Array.from({ length: count }, (_, n) => {
    const [trade, industry] = dice.pick(TRADES)
    const name = `${PLACES[n % PLACES.length]} ${trade}`
    const domain = `${name.toLowerCase().replace(' ', '-')}-${n}.example`
    return { name, domain, industry, size: dice.pick([8, 25, 60, 140, 400, 1200]), country: dice.pick(COUNTRIES) }
  })

export const makeContact = (dice: Dice, company: Company): Contact => {
  const [first, last] = [dice.pick(FIRST), dice.pick(LAST)]
  const email = `${first}.${last}@${company.domain}`.toLowerCase()
  return { name: `${first} ${last}`, email, title: dice.pick(TITLES), company }
}
