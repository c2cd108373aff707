/** Replays all of history under two versions of the model, slice by slice: what a draft would change. */
import { replayed } from '../shared/append.ts'
import type { Replay } from '../shared/replay.ts'
import { type Compared, createSimulation, type Simulation } from '../shared/simulation.ts'
import type { History, PersonHistory } from './store/history.ts'
import type { Scoring } from './store/store.ts'

/** Events held in memory at a time. */
const SLICE = 4000

export interface Simulating {
  readonly history: History
  readonly old: Scoring
  readonly next: Scoring
  /** Everybody is brought to this instant, and nobody's later events are read. */
  readonly now: number
  /** The last place in the log that is read. */
  readonly head: number
  readonly onProgress: (done: number, total: number) => void
}

export const simulate = async (simulating: Simulating): Promise<Simulation> => {
  const { history, head, onProgress } = simulating
  const simulation = createSimulation()
  for await (const { people, done, total } of history.slices({ head, events: SLICE })) {
    for (const person of people) {
      const compared = compare(person, simulating)
      if (compared) simulation.add(compared)
    }
    onProgress(done, total)
  }
  return simulation.result()
}

const compare = (
  person: PersonHistory,
  { old, next, now }: Pick<Simulating, 'old' | 'next' | 'now'>,
): Compared | undefined => {
  const under = (scoring: Scoring): Replay | undefined => {
    const fold = scoring.foldOf(person.site)
    const transitions: Replay['transitions'][number][] = []
    const state = replayed(fold, person.events, { transitions })
    if (state) fold.advance(state, now, { transitions })
    return state && { state, transitions }
  }
  const [before, after] = [under(old), under(next)]
  return before && after && { visitor: person.id, events: person.events, old: before, next: after }
}
