/** Where a request comes from. An address is looked at in memory, and neither kept nor told to anybody. */
import { isIPv4 } from 'node:net'
import ipaddr from 'ipaddr.js'

export interface Peer {
  /** Of the socket. */
  readonly address: string | undefined
  /** `X-Forwarded-For`. */
  readonly forwarded: string | undefined
}

/** The address of whoever asks; undefined where nothing tells. */
export type AddressOf = (peer: Peer) => string | undefined

/** Where a proxy of one's own may stand. */
const NEAR = new Set(['loopback', 'private', 'linkLocal', 'uniqueLocal', 'carrierGradeNat'])

const parsed = (text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined => {
  const bare = text.trim().replace(/^\[(.*)\](:\d+)?$/, '$1')
  const plain = /^[\d.]+:\d+$/.test(bare) ? bare.slice(0, bare.indexOf(':')) : bare
  if (!ipaddr.isValid(plain)) return undefined
  const address = ipaddr.parse(plain)
  return address.kind() === 'ipv6' && (address as ipaddr.IPv6).isIPv4MappedAddress()
    ? (address as ipaddr.IPv6).toIPv4Address()
    : address
}

/** As most come: IPv4, perhaps in the dress of IPv6. They need not be taken apart. */
const plain = (text: string): string | undefined => {
  const bare = text.startsWith('::ffff:') ? text.slice(7) : text
  return isIPv4(bare) ? bare : undefined
}

const written = (text: string): string | undefined => plain(text) ?? parsed(text)?.toString()

/**
 * Behind so many proxies the last entries of `X-Forwarded-For` are theirs, each the address of the one before it; what
 * stands further left anybody could have written. Without proxies only the socket counts, unless it is that of a proxy
 * nobody told of: a neighbour who speaks for others. Were it taken for all of them, they would be one.
 */
export const createAddressOf =
  (proxies: number): AddressOf =>
  ({ address, forwarded }) => {
    if (proxies > 0 && forwarded !== undefined) {
      const told = forwarded.split(',').at(-proxies)
      return told === undefined ? undefined : written(told.trim())
    }
    if (address === undefined) return undefined
    const speaksForOthers = forwarded !== undefined && NEAR.has(parsed(address)?.range() ?? '')
    return speaksForOthers ? undefined : written(address)
  }

const BYTES = { ipv4: 3, ipv6: 6 } as const

/** The network an address is counted with: IPv4 by /24, IPv6 by /48. None for this machine itself. */
export const networkOf = (address: string): string | undefined => {
  const simple = plain(address)
  if (simple) return simple.startsWith('127.') ? undefined : simple.slice(0, simple.lastIndexOf('.'))
  const known = parsed(address)
  if (!known || known.range() === 'loopback') return undefined
  return known.toByteArray().slice(0, BYTES[known.kind()]).join('.')
}
