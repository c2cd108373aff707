/** The bare core: events folded per second, against reading the same events as JSON. */
import { DEFAULT_MODEL } from '../shared/default-model.ts'
import type { VisitorEvent } from '../shared/event.ts'
import type { VisitorState } from '../shared/state.ts'
import { createFold } from '../shared/visitor.ts'
import { happenings } from './history.ts'
import { type Figure, inTurn, perSecond, type Sizes } from './measure.ts'

export const benchFold = ({ events, visitors }: Sizes): readonly Figure[] => {
  const people: VisitorEvent[][] = Array.from({ length: visitors }, () => [])
  for (const { visitor, event } of happenings(visitors, events)) people[visitor]!.push(event)
  const texts = people.flat().map((event) => JSON.stringify(event))
  const fold = createFold(DEFAULT_MODEL)
  const foldAll = (): void => {
    for (const person of people) {
      const effects = { transitions: [] }
      let state: VisitorState | undefined
      for (const event of person) state = fold.fold(state, event, effects)
    }
  }
  const parseAll = (): void => {
    for (const text of texts) JSON.parse(text)
  }
  const { ours, bare } = inTurn(foldAll, parseAll)
  return [
    {
      what: `fold ${texts.length} events of ${visitors} visitors`,
      value: perSecond(texts.length, ours),
      baseline: perSecond(texts.length, bare),
      ratio: (bare / ours).toFixed(2),
      note: 'baseline: JSON.parse of the same events',
    },
  ]
}
