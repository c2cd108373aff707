/** What the domain of an e-mail address tells: the company behind it, or a mailbox that anybody can have. */
import { domainToASCII } from 'node:url'
import { parse } from 'tldts'
import { DOMAINS, PROVIDERS, TELLING } from './mailboxes.ts'

/** Domains remembered: a few hold most addresses, and each is asked for at every event of a known person. */
const REMEMBERED = 20_000

interface Mailbox {
  /** The part that was registered; undefined where none was, as of an address or a bare ending. */
  readonly registered: string | undefined
  readonly free: boolean
}

const known = new Map<string, Mailbox>()

const lookUp = (domain: string): Mailbox => {
  const ascii = domain.startsWith('.') ? '' : domainToASCII(domain)
  // Of `a.github.io` a person registered all of it, and of `x.dynv6.net` somebody lends the end.
  const { domain: own, domainWithoutSuffix: name, isIp } = parse(ascii, { allowPrivateDomains: true })
  const lent = parse(ascii).domain
  const isListed = [ascii, own, lent].some((each) => each && DOMAINS.has(each))
  const isNamed = name ? PROVIDERS.has(name) || TELLING.some((pattern) => pattern.test(name)) : false
  return { registered: isIp ? undefined : (own ?? undefined), free: isListed || isNamed }
}

const mailboxOf = (domain: string): Mailbox => {
  const found = known.get(domain) ?? lookUp(domain)
  if (known.size >= REMEMBERED) known.clear()
  known.set(domain, found)
  return found
}

/** Whether anybody can have an address at this domain, for long or for ten minutes. */
export const isFreeMail = (domain: string): boolean => domain !== '' && mailboxOf(domain.toLowerCase()).free

/** The company an address belongs to, by the domain it registered: `ann@mail.acme.co.uk` is of `acme.co.uk`. */
export const companyOf = (email: string): string | undefined => {
  const { registered, free } = mailboxOf(email.slice(email.lastIndexOf('@') + 1).toLowerCase())
  return free ? undefined : registered
}
