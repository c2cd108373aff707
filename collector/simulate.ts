/** Replays all of history under two versions of the model, slice by slice: what a draft would change. */
import { replayed } from '../shared/append.ts'
import type { Replay } from '../shared/replay.ts'
import { type Compared, createSimulation, type Simulation } from '../shared/simulation.ts'
import type { Edition } from './edition.ts'
import type { Db } from './store/sqlite.ts'
import { createHistory, createStride, type PersonHistory } from './store/sqlite-history.ts'

/** Events held in memory at a time. */
const SLICE = 4000

export interface Simulating {
  readonly db: Db
  readonly old: Edition
  readonly next: Edition
  /** Everybody is brought to this instant, and nobody's later events are read. */
  readonly now: number
  /** The last place in the log that is read. */
  readonly head: number
  readonly onProgress: (done: number, total: number) => void
}

export const simulate = ({ db, old, next, now, head, onProgress }: Simulating): Simulation => {
  const history = createHistory(db)
  const simulation = createSimulation()
  const stride = createStride(SLICE)
  const last = history.last()
  for (let after = 0; after < last; ) {
    const upTo = Math.min(last, after + stride.width())
    const people = history.between({ after, upTo, head })
    let events = 0
    for (const person of people) {
      const compared = compare(person, { old, next, now })
      if (compared) simulation.add(compared)
      events += person.events.length
    }
    stride.learn(events)
    after = upTo
    onProgress(after, last)
  }
  return simulation.result()
}

const compare = (
  person: PersonHistory,
  { old, next, now }: { readonly old: Edition; readonly next: Edition; readonly now: number },
): Compared | undefined => {
  const under = (edition: Edition): Replay | undefined => {
    const fold = edition.foldOf(person.site)
    const transitions: Replay['transitions'][number][] = []
    const state = replayed(fold, person.events, { transitions })
    if (state) fold.advance(state, now, { transitions })
    return state && { state, transitions }
  }
  const [before, after] = [under(old), under(next)]
  return before && after && { visitor: person.id, events: person.events, old: before, next: after }
}
