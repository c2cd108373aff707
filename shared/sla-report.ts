/** How soon sales answered its leads, and how many of them were worth it: by kind of lead and version of the model. */
import type { SlaKind } from './sla.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** Somebody who became an MQL or an SQL, and what came of it. */
export interface Answered {
  readonly kind: SlaKind
  readonly modelVersion: number
  readonly at: number
  /** The first word of sales from then on. */
  readonly touchedAt: number | undefined
  /** Sales was in touch with them already. */
  readonly wasInTouch: boolean
  /** The last judgement of sales; that they bought counts as a good one where there is none. */
  readonly outcome: 'good' | 'bad' | undefined
}

export interface SlaRow {
  readonly kind: SlaKind
  readonly modelVersion: number
  readonly leads: number
  /** Sales was in touch already: they are in no figure of speed. */
  readonly inTouch: number
  readonly touched: number
  readonly never: number
  /** Speed to lead, of those who were touched. */
  readonly medianSeconds: number | null
  /** Of all who waited for an answer, 0 to 1. */
  readonly shares: {
    readonly within5Minutes: number | null
    readonly within1Hour: number | null
    readonly within24Hours: number | null
    readonly never: number | null
  }
  readonly judged: number
  readonly good: number
  /** Accepted or won, of all who were judged. */
  readonly precision: number | null
}

export const slaRows = (leads: readonly Answered[]): readonly SlaRow[] =>
  [...Map.groupBy(leads, ({ kind, modelVersion }) => `${kind} ${modelVersion}`).values()]
    .map(rowOf)
    .sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || a.modelVersion - b.modelVersion)

const KINDS: readonly SlaKind[] = ['handRaise', 'sql', 'mql']

const rowOf = (leads: readonly Answered[]): SlaRow => {
  const { kind, modelVersion } = leads[0]!
  const waited = leads.filter(({ wasInTouch }) => !wasInTouch)
  const waits = waited.flatMap(({ at, touchedAt }) => (touchedAt === undefined ? [] : [touchedAt - at]))
  const share = (count: number): number | null => (waited.length === 0 ? null : count / waited.length)
  const within = (ms: number): number | null => share(waits.filter((wait) => wait <= ms).length)
  const never = waited.length - waits.length
  const judged = leads.filter(({ outcome }) => outcome !== undefined).length
  const good = leads.filter(({ outcome }) => outcome === 'good').length
  return {
    ...{ kind, modelVersion, leads: leads.length, inTouch: leads.length - waited.length },
    ...{ touched: waits.length, never, medianSeconds: medianOf(waits) },
    shares: {
      within5Minutes: within(5 * MINUTE),
      within1Hour: within(HOUR),
      within24Hours: within(24 * HOUR),
      never: share(never),
    },
    ...{ judged, good, precision: judged === 0 ? null : good / judged },
  }
}

/** In seconds; of an even number, the mean of the two in the middle. */
const medianOf = (waits: readonly number[]): number | null => {
  const sorted = waits.toSorted((a, b) => a - b)
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]
  return low === undefined || high === undefined ? null : (low + high) / 2 / 1000
}
