/** Where the live stream meets the page: one frame's messages into list, feed and the open visitor. */
import type { LiveMessage, Visitor } from '../../../shared/answer.ts'
import { identityOf } from '../person.ts'
import { visitorHref } from '../router.ts'
import { alertOf } from './alerts.ts'
import { noteHandRaise, noteTransition } from './feed.ts'
import { noteArrival } from './first-event.ts'
import { noteChanged } from './list.ts'
import { meet, person } from './people.ts'
import { noteMoved } from './today.ts'
import { extendTrend } from './trends.ts'
import { noteActive } from './visitor.ts'

const noteTurn = (message: Extract<LiveMessage, { name: 'transition' }>): void => {
  noteTransition(message)
  noteMoved()
  const { visitor, what, to } = message
  if (what !== 'qualification' || to !== 'sql') return
  const known = person(visitor)?.peek() ?? { id: visitor, traits: {}, account: null }
  alertOf(identityOf(known).name, visitorHref(visitor))
}

export const receive = (messages: readonly LiveMessage[]): void => {
  const changed: Visitor[] = []
  for (const message of messages) {
    if (message.name === 'score') {
      const before = person(message.visitor.id)?.peek()
      meet(message.visitor)
      if (before) noteHandRaise(before, message.visitor)
      extendTrend(message.visitor.id, message.visitor.score, Date.now())
      changed.push(message.visitor)
    }
    if (message.name === 'transition') noteTurn(message)
    noteArrival(message)
    noteActive(message.name === 'score' ? message.visitor.id : message.visitor)
  }
  noteChanged(changed)
}
