/** Who a visitor is, as far as they told; else a friendly name that stays theirs. */
import type { Visitor } from '../../shared/answer.ts'
import { t } from './strings/language.ts'

/** Characters that are not seen but turn the direction of what is, or break its line. */
const UNSEEN = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu

/** A trait as text; undefined when there is nothing to read in it. */
export const textOf = (value: unknown): string | undefined => {
  if (value === null || value === undefined) return undefined
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return text.replace(UNSEEN, ' ').trim() || undefined
}

/** FNV-1a: spreads ids over the words, the same in every browser. */
const hash = (text: string): number => {
  let sum = 0x811c9dc5
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193) >>> 0
  return sum
}

/** `Amber Heron`: the same for the same id. Not unique, hence never used as a key. */
export const pseudonym = (id: string): string => {
  const { first, second, joined } = t.pseudonym
  const sum = hash(id)
  return joined(first[sum % first.length]!, second[Math.floor(sum / first.length) % second.length]!)
}

const fullName = (traits: Visitor['traits']): string | undefined => {
  const parts = [traits.firstName ?? traits.first_name, traits.lastName ?? traits.last_name].map(textOf)
  return textOf(traits.name) ?? textOf(parts.filter(Boolean).join(' '))
}

export interface Identity {
  readonly name: string
  /** What else tells them apart: the company, the e-mail; for the nameless, the beginning of the id. */
  readonly detail: string
  readonly known: boolean
}

export const identityOf = ({ id, traits, account }: Pick<Visitor, 'id' | 'traits' | 'account'>): Identity => {
  const name = fullName(traits)
  const email = textOf(traits.email)
  const company = textOf(traits.company) ?? account ?? undefined
  const known = name ?? email
  if (!known) return { name: pseudonym(id), detail: company ?? id.slice(0, 6), known: false }
  return { name: known, detail: company ?? (name ? email : undefined) ?? '', known: true }
}
