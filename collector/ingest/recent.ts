/** Things remembered for a while: so many, the longest untouched go first. */
export const createRecent = <Value>(most: number) => {
  const kept = new Map<string, Value>()
  return {
    get: (key: string): Value | undefined => kept.get(key),
    set: (key: string, value: Value): void => {
      kept.delete(key)
      kept.set(key, value)
      if (kept.size > most) kept.delete(kept.keys().next().value!)
    },
    size: (): number => kept.size,
  }
}
