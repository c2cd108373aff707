/** Who asks, as far as it matters: whether they ask too often, and under what name a browser without an id is known. */
import { type AddressOf, networkOf, type Peer } from './address.ts'
import type { Strangers } from './strangers.ts'
import type { Ruling } from './throttle.ts'

export interface Caller {
  readonly ruling: Ruling
  /** Stands for address and browser until the day ends. */
  readonly stranger: string | undefined
}

export interface CallersOptions {
  readonly addressOf: AddressOf
  readonly strangers: Pick<Strangers, 'nameOf'>
  /** Rules on a network, by its address. */
  readonly throttle: (network: string, now: number) => Ruling
}

export type Meet = (peer: Peer, userAgent: string | undefined, now: number) => Caller

/** The address goes no further than this. */
export const createCallers =
  ({ addressOf, strangers, throttle }: CallersOptions): Meet =>
  (peer, userAgent, now) => {
    const address = addressOf(peer)
    if (address === undefined) return { ruling: 'in', stranger: undefined }
    const network = networkOf(address)
    return {
      ruling: network === undefined ? 'in' : throttle(network, now),
      stranger: strangers.nameOf(address, userAgent ?? '', now),
    }
  }
