/** A Bloom filter of 64-bit keys that grows: says of a key that it was never added, and is wrong about one in 400. */

/** Keys of the first layer; each further one holds twice as many. */
const FIRST = 131_072
const BITS_PER_KEY = 16
const PROBES = 4

export interface Filter {
  /** Keys are eight characters below 256, evenly spread. */
  readonly add: (key: string) => void
  readonly mayHold: (key: string) => boolean
}

interface Layer {
  readonly bits: Uint32Array
  readonly capacity: number
}

const word = (key: string, from: number): number =>
  key.charCodeAt(from) |
  (key.charCodeAt(from + 1) << 8) |
  (key.charCodeAt(from + 2) << 16) |
  (key.charCodeAt(from + 3) << 24)

const layerFor = (capacity: number): Layer => ({ bits: new Uint32Array((capacity * BITS_PER_KEY) / 32), capacity })

export const createFilter = (): Filter => {
  const layers = [layerFor(FIRST)]
  let left = FIRST

  const isIn = ({ bits }: Layer, key: string): boolean => {
    const mask = bits.length * 32 - 1
    const step = word(key, 4) | 1
    let at = word(key, 0)
    for (let probe = 0; probe < PROBES; probe += 1, at = (at + step) | 0) {
      const bit = at & mask
      if (((bits[bit >>> 5]! >>> (bit & 31)) & 1) === 0) return false
    }
    return true
  }

  return {
    add: (key) => {
      if (left === 0) {
        left = 2 * layers.at(-1)!.capacity
        layers.push(layerFor(left))
      }
      left -= 1
      const { bits } = layers.at(-1)!
      const mask = bits.length * 32 - 1
      const step = word(key, 4) | 1
      let at = word(key, 0)
      for (let probe = 0; probe < PROBES; probe += 1, at = (at + step) | 0) {
        const bit = at & mask
        bits[bit >>> 5]! |= 1 << (bit & 31)
      }
    },
    mayHold: (key) => layers.some((layer) => isIn(layer, key)),
  }
}
