/** Whose a lead is: by what is recorded of them, else by the first rule that holds, the same on every replay. */
import { numberOf } from './fit.ts'
import type { Owner, Routing } from './handoff-model.ts'
import { fold } from './lexicon.ts'

export interface Owned {
  readonly id: string
  readonly account: string | undefined
  readonly traits: { readonly [name: string]: unknown }
}

/** Who recorded an owner is believed: the trait `owner` is an id or an address of one. */
export const ownerOf = (owned: Owned, { owners, rules }: Routing): Owner | undefined => {
  const told = owned.traits.owner
  const known = owners.find(({ id, email }) => told !== undefined && (told === id || told === email))
  if (known) return known
  const rule = rules.find(({ when }) => holds(when, owned))
  if (!rule) return undefined
  // People of one company go to one owner; and no counter is kept, or a replay would deal out anew.
  const turn = hashOf(owned.account ?? owned.id) % rule.owners.length
  return owners.find(({ id }) => id === rule.owners[turn])
}

const holds = ({ country, companySize, account }: Routing['rules'][number]['when'], owned: Owned): boolean => {
  const { traits } = owned
  const place = typeof traits.country === 'string' ? fold(traits.country) : undefined
  const size = traits.companySize === undefined ? undefined : numberOf(traits.companySize)
  return (
    (!country || (place !== undefined && country.some((name) => fold(name) === place))) &&
    (!companySize || (size !== undefined && size >= companySize[0] && size <= companySize[1])) &&
    (!account || (owned.account !== undefined && account.includes(owned.account)))
  )
}

/** FNV-1a, 32 bits: spreads names evenly, and is the same everywhere and always. */
const hashOf = (text: string): number => {
  let hash = 0x811c9dc5
  for (const character of text) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193)
  return hash >>> 0
}
