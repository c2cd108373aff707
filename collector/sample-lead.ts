/** Somebody made up, to try a receiver out: folded from events like anybody, so that it looks as leads do. */
import type { Transition } from '../shared/award.ts'
import type { VisitorEvent } from '../shared/event.ts'
import { type Message, messageOf } from '../shared/message.ts'
import { packetOf } from '../shared/packet.ts'
import { type Lens, showVisitor } from '../shared/present.ts'
import type { VisitorState } from '../shared/state.ts'
import type { Edition } from './edition.ts'

const ID = '0'.repeat(32)
const MINUTE = 60_000

const eventsUntil = (now: number): readonly VisitorEvent[] => {
  const at = (minutes: number) => ({ id: `sample-${minutes}`, at: now - minutes * MINUTE, source: 'server' as const })
  return [
    { ...at(40), type: 'page', url: 'https://www.example.com/compare', title: 'Compared', signal: 'comparison' },
    { ...at(30), type: 'page', url: 'https://www.example.com/pricing', title: 'Pricing', funnel: 'bofu' },
    { ...at(20), type: 'identify', traits: { email: 'test@example.com', name: 'Test Lead', company: 'Example' } },
    { ...at(10), type: 'track', name: 'demo_request' },
  ]
}

/** A hand-off that is marked as a test. */
export const sampleMessage = (edition: Edition, now: number): Message => {
  const { model, version, foldOf } = edition
  const fold = foldOf('default')
  const lens: Lens = { model, modelVersion: version, ...fold }
  const events = eventsUntil(now)
  const effects = { transitions: [] as Transition[] }
  const state = events.reduce<VisitorState | undefined>((before, each) => fold.fold(before, each, effects), undefined)!
  const visitor = showVisitor({ id: ID, site: 'default', state, at: now }, lens)
  const packet = packetOf({ id: ID, site: 'default', events, at: now, link: undefined }, fold, lens)
  const transition = effects.transitions.at(-1)!
  return { ...messageOf({ type: 'lead.handoff', transition, dueAt: now }, visitor, packet), type: 'webhook.test' }
}
