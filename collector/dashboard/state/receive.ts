/** Where the live stream meets the page: one frame's messages into list, feed and the open visitor. */
import type { LiveMessage, Visitor } from '../../../shared/answer.ts'
import { noteHandRaise, noteTransition } from './feed.ts'
import { noteChanged } from './list.ts'
import { meet, person } from './people.ts'
import { noteActive } from './visitor.ts'

export const receive = (messages: readonly LiveMessage[]): void => {
  const changed: Visitor[] = []
  for (const message of messages) {
    if (message.name === 'score') {
      const before = person(message.visitor.id)?.peek()
      meet(message.visitor)
      if (before) noteHandRaise(before, message.visitor)
      changed.push(message.visitor)
    }
    if (message.name === 'transition') noteTransition(message)
    noteActive(message.name === 'score' ? message.visitor.id : message.visitor)
  }
  noteChanged(changed)
}
