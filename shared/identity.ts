/** Whom an event belongs to. Names join people only where nothing speaks against it. */
import type { VisitorEvent } from './event.ts'

/** The names under which the sender knows a person; hostile text until they are looked up. */
export interface Who {
  /** A browser's random id. */
  readonly anonymous?: string | undefined
  /** The company's own id of a known person. */
  readonly user?: string | undefined
  /** Another name of the same person (`alias`). */
  readonly also?: string | undefined
}

export type NameKind = 'anonymous' | 'user' | 'email'
export interface Name {
  readonly kind: NameKind
  readonly value: string
}

/** What must be known of a person to tell whether two are one. */
export interface Person {
  readonly id: string
  readonly user?: string | undefined
  readonly email?: string | undefined
}

/** Looks a name up; merged people answer as the survivor. */
export type FindPerson = (name: Name) => Person | undefined

export interface Assignment {
  /** The person the event belongs to; undefined for someone new. */
  readonly person: Person | undefined
  /** People found to be the same person, to be merged into the one above. */
  readonly absorbs: readonly Person[]
  /** Names that lead to this person from now on. */
  readonly names: readonly Name[]
}

/** What SDKs send when a variable was empty: no name of anybody. */
const JUNK = new Set(
  'null undefined nil none nan 0 -1 1 true false anonymous guest unknown user test default id email n/a'
    .split(' ')
    .concat('[object object]', '00000000-0000-0000-0000-000000000000', '0'.repeat(32)),
)
/** Mailboxes that several people read. */
const ROLES = new Set(
  'abuse accounts admin administrator billing careers contact customerservice hello help helpdesk hostmaster hr info it jobs mail marketing no-reply noreply office orders postmaster press privacy sales security service support team webmaster'.split(
    ' ',
  ),
)

export const isJunk = (value: string): boolean => JUNK.has(value.trim().toLowerCase()) || value.trim() === ''

/** An address read by several people names a company, not a person. */
export const isRole = (email: string): boolean => ROLES.has(email.slice(0, email.lastIndexOf('@')).toLowerCase())

/** The e-mail address an event tells, if it can stand for one person. */
export const emailIn = (event: VisitorEvent): string | undefined => {
  const traits =
    event.type === 'identify' || (event.type === 'form' && event.step === 'submit') ? event.traits : undefined
  return typeof traits?.email === 'string' ? traits.email : undefined
}

/** What an event says of who did it. */
export interface Told {
  readonly who: Who
  readonly email?: string | undefined
  /** It came with a secret key, so an alias may join two people who are both known. */
  readonly trusted: boolean
}

/**
 * Decides whom an event belongs to. A known id survives; two known people are never joined by themselves; another
 * e-mail address on a shared device is another person.
 */
export const assign = ({ who, email, trusted }: Told, find: FindPerson): Assignment => {
  const user = real('user', who.user)
  const mail = email !== undefined && isRole(email) ? undefined : real('email', email)
  const anonymous = real('anonymous', who.anonymous)
  const told = { user: user?.value, email }
  const found = [user, mail, anonymous].map((name) => name && find(name))
  const [byUser, byMail] = found
  const person = found.find((candidate) => candidate && fits(candidate, told))
  const same = (other: Person): boolean => isUnknown(other) || other === byUser || other === byMail
  const others = new Map(
    found.flatMap((other) => (other && person && other.id !== person.id ? [[other.id, other]] : [])),
  )
  const absorbs = [...others.values()].filter((other) => same(other) && fits(other, told))
  const mailIsFree = !byMail || byMail.id === person?.id || absorbs.includes(byMail)
  const names = [user, anonymous, mailIsFree ? mail : undefined].filter((name) => name !== undefined)
  return withAlias({ person, absorbs, names }, { alias: who.also, trusted }, find)
}

/** Joins the other name of an alias: somebody unknown, or with a secret key anybody. */
const withAlias = (
  assignment: Assignment,
  { alias, trusted }: { readonly alias: string | undefined; readonly trusted: boolean },
  find: FindPerson,
): Assignment => {
  const previous = real('anonymous', alias)
  if (!previous) return assignment
  const other = find(previous) ?? find({ kind: 'user', value: previous.value })
  if (!other) return { ...assignment, names: [...assignment.names, previous] }
  if (!assignment.person) return { ...assignment, person: other }
  const isNew = other.id !== assignment.person.id && !assignment.absorbs.some(({ id }) => id === other.id)
  return isNew && (trusted || isUnknown(other))
    ? { ...assignment, absorbs: [...assignment.absorbs, other] }
    : assignment
}

const real = (kind: NameKind, value: string | undefined): Name | undefined =>
  value === undefined || isJunk(value) ? undefined : { kind, value }

/** Nobody has said who they are. */
export const isUnknown = ({ user, email }: Pick<Person, 'user' | 'email'>): boolean =>
  user === undefined && email === undefined

/** Whether a person can be the one that is told of. The same user id may change its address. */
const fits = (
  person: Person,
  told: { readonly user: string | undefined; readonly email: string | undefined },
): boolean => {
  const sameUser = person.user === undefined || told.user === undefined || person.user === told.user
  const sameMail = person.email === undefined || told.email === undefined || person.email === told.email
  return sameUser && (sameMail || (told.user !== undefined && person.user === told.user))
}
