/** An answer of the API in which every text that a stranger could have written says something evil instead. */

/** Words of the API's own, that no visitor can choose; the page would not draw without them. */
const OWN = new Set([
  ...[
    'stage',
    'furthestStage',
    'funnel',
    'qualification',
    'momentum',
    'grade',
    'kind',
    'what',
    'state',
    'tagged',
    'group',
  ],
  ...['timeZone', 'preset', 'mode', 'consent', 'nextCursor', 'type'],
])
const IDS = new Set(['id', 'visitor', 'modelVersion'])
const isTime = (text: string): boolean => /^\d{4}-\d\d-\d\d/.test(text)

const poisoned = (value: unknown, vector: string, key = ''): unknown => {
  if (typeof value === 'string') return OWN.has(key) || IDS.has(key) || isTime(value) ? value : vector
  if (Array.isArray(value)) return value.map((each) => poisoned(each, vector, key))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([name, each]) => [name, poisoned(each, vector, name)] as const)
  // Names of traits are a stranger's as well.
  return Object.fromEntries(key === 'traits' ? [...entries, [vector, vector]] : entries)
}

/** Lists are drawn out, so that each of the vectors stands in a row of its own. */
const drawnOut = (value: unknown, vectors: readonly string[], key = ''): unknown => {
  if (Array.isArray(value)) {
    const isRows = value.length > 0 && typeof value[0] === 'object' && !['stages', 'funnels', 'checks'].includes(key)
    if (!isRows) return value
    return vectors.map((vector, i) => {
      const row = poisoned(value[i % value.length], vector) as object
      return 'id' in row && i >= value.length ? { ...row, id: `${row.id}-${i}` } : row
    })
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, drawnOut(each, vectors, name)]))
}

/** The `n`th answer has the `n`th vector where there is but one place for it. */
export const poison = (value: unknown, vectors: readonly string[], n: number): unknown =>
  drawnOut(poisoned(value, vectors[n % vectors.length]!), vectors)
