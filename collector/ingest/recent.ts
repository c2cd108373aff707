/** Things remembered for a while: at least so many of the last touched, at most twice as many, with no work to forget. */

export interface Recent<Value> {
  readonly get: (key: string) => Value | undefined
  readonly set: (key: string, value: Value) => void
}

/** Two halves: what is touched goes into the young one; when that is full the old one is forgotten in one go. */
export const createRecent = <Value>(least: number): Recent<Value> => {
  let young = new Map<string, Value>()
  let old = new Map<string, Value>()

  const set = (key: string, value: Value): void => {
    young.set(key, value)
    if (young.size < least) return
    old = young
    young = new Map()
  }

  return {
    set,
    get: (key) => {
      const known = young.get(key)
      if (known !== undefined) return known
      const elder = old.get(key)
      if (elder !== undefined) set(key, elder)
      return elder
    },
  }
}
