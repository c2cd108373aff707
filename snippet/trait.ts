/** The few values that are read: from fields the owner opted in, and only where they are plainly of a harmless kind. */
import type { Traits } from './event.ts'

export type Field = HTMLInputElement

/** What `autocomplete` or the type says a field is, and the name of the trait. */
const KINDS: Readonly<Record<string, string>> = {
  email: 'email',
  tel: 'phone',
  name: 'name',
  'given-name': 'firstName',
  'family-name': 'lastName',
  organization: 'company',
  'organization-title': 'title',
}

/** Words that make a field private whatever else it says. A hit too many costs a trait, one too few a secret. */
const SECRET =
  /hidden|pass|pwd|senha|card|kart|cc-|cv[cv]|iban|code|token|birth|\bnational|identi|(\b|_)(pin|otp|csc|ssn|tax)/i

/** Fields once seen to hide their value: a "show password" button does not make them less of a password. */
const secret = new WeakSet<Field>()

export const isPassword = (field: Field): boolean => {
  if (/password/.test(field.type + field.autocomplete)) secret.add(field)
  return secret.has(field)
}

/** `identifies`: whether the form is opted in; a field is by its own `data-trait`. */
export const traitsOf = (fields: readonly Field[], identifies: boolean): Traits | undefined => {
  let traits: Record<string, string> | undefined
  for (const field of fields) {
    const kind = KINDS[/[^ ]*$/.exec(field.autocomplete)![0]] ?? KINDS[field.type]
    const trait = field.dataset.trait ?? (identifies && kind)
    const isSecret = isPassword(field) || SECRET.test(field.outerHTML + field.labels?.[0]?.textContent)
    if (trait && field.value && !isSecret) traits = { ...traits, [trait]: field.value.slice(0, 200) }
  }
  return traits
}
