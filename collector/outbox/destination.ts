/**
 * Where a request may go: the public internet and nothing else. Whoever may set a webhook must not be able to reach
 * through the collector into its network; so a name is resolved, every address it has is checked, and the connection
 * is made to one of the very addresses that were checked.
 */
import { lookup } from 'node:dns/promises'
import ipaddr from 'ipaddr.js'

export interface Address {
  readonly address: string
  readonly family: 4 | 6
}

/** Every address of a name. */
export type Resolve = (name: string) => Promise<readonly string[]>

export interface DestinationOptions {
  /** For tests, and for those whose receivers stand beside the collector. Schemes and pinning are held all the same. */
  readonly allowsPrivate: boolean
  readonly resolve?: Resolve
}

export type Destination =
  | { readonly url: URL; readonly pinned: readonly Address[]; readonly refused?: undefined }
  /** Why not, in a sentence. */
  | { readonly refused: string }

/** Checks an address as it was typed; at save, at test and at every send, for a name may lead elsewhere by then. */
export const findDestination = async (
  text: string,
  { allowsPrivate, resolve = resolveByDns }: DestinationOptions,
): Promise<Destination> => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url) return { refused: 'That is no address. Give one such as https://crm.example.com/hook.' }
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return { refused: 'An address begins with https:// or http://.' }
  if (url.username || url.password) return { refused: 'An address has no user name and no password in it.' }
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const addresses = ipaddr.isValid(host) ? [host] : await resolve(host).catch(() => [])
  const checked = addresses.map((address) => ({ address, isPublic: isPublic(address) }))
  if (checked.length === 0) return { refused: 'The name in the address leads nowhere.' }
  // One bad address is enough: which of them a connection takes is not ours to say.
  if (!allowsPrivate && !checked.every(({ isPublic }) => isPublic))
    return {
      refused: 'The address is not on the public internet. LEADLIGHT_ALLOW_PRIVATE_WEBHOOKS=on lets it be used.',
    }
  return { url, pinned: checked.map(({ address }) => ({ address, family: familyOf(address) })) }
}

const familyOf = (address: string): 4 | 6 => (ipaddr.parse(address).kind() === 'ipv4' ? 4 : 6)

/** IPv6 that is given out at all: the rest of the space leads nowhere, or to IPv4 by a back door. */
const GLOBAL_V6 = ipaddr.parseCIDR('2000::/3')

export const isPublic = (address: string): boolean => {
  if (!ipaddr.isValid(address)) return false
  const given = ipaddr.parse(address)
  const plain = given instanceof ipaddr.IPv6 && given.isIPv4MappedAddress() ? given.toIPv4Address() : given
  if (plain.range() !== 'unicast') return false
  return plain.kind() === 'ipv4' || plain.match(GLOBAL_V6)
}

const resolveByDns: Resolve = async (name) => (await lookup(name, { all: true })).map(({ address }) => address)
