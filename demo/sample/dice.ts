/** Dice that fall the same way each time: the same seed makes the same people. */

export interface Dice {
  /** From 0 up to, but not, 1. */
  readonly roll: () => number
  readonly chance: (part: number) => boolean
  /** A whole number, both ends with it. */
  readonly between: (least: number, most: number) => number
  readonly pick: <T>(from: readonly T[]) => T
}

/** Spreads 32 bits over 32 bits, so that neighbours have nothing in common. */
const spread = (bits: number): number => {
  const once = Math.imul(bits ^ (bits >>> 16), 0x45d9f3b)
  const twice = Math.imul(once ^ (once >>> 15), 0x2c1b3c6d)
  return (twice ^ (twice >>> 16)) >>> 0
}

/** Counts on from the seed in steps that meet every number, and spreads each. */
export const createDice = (seed: number): Dice => {
  let state = spread(seed + 1)
  const roll = (): number => {
    state = (state + 0x9e3779b9) >>> 0
    return spread(state) / 0x1_0000_0000
  }
  return {
    roll,
    chance: (part) => roll() < part,
    between: (least, most) => least + Math.floor(roll() * (most - least + 1)),
    pick: (from) => from[Math.floor(roll() * from.length)]!,
  }
}
