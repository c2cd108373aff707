/** The few values that are read: from fields the owner opted in, and only where they are plainly of a harmless kind. */

export type Field = HTMLInputElement

/** Type or `autocomplete` of what may be read without a name of its own. The collector knows these names. */
const HARMLESS = / (email|tel|((given|family)-)?name|organization(-title)?) /

/** Words that make a field private whatever else it says. A hit too many costs a trait, one too few a secret. */
const SECRET =
  /hidden|pass|pwd|senha|card|kart|cc-|cv[cv]|iban|code|token|birth|\bnational|identi|(\b|_)(pin|otp|csc|ssn|tax)/i

/** Fields once seen to be secret: a "show password" button does not make them less of a password. */
const secret = new WeakSet<Field>()

/** The name under which a field's value may be told, if at all. `isKnown`: its form is opted in. */
export const traitOf = (field: Field, isKnown: boolean): string | false | undefined => {
  if (SECRET.test(field.outerHTML + field.labels?.[0]?.textContent)) secret.add(field)
  return (
    !secret.has(field) &&
    (field.dataset.trait ?? (isKnown && HARMLESS.exec(` ${field.type} ${field.autocomplete} `)?.[1]))
  )
}
