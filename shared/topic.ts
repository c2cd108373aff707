/** What subjects a visitor cares for: the points of what they did there, fading like the rest. */
import { fade } from './score.ts'

/** Points that a topic has brought: what was left of them at a time. */
export type Topics = Record<string, readonly [points: number, at: number]>

export interface Interest {
  readonly topic: string
  readonly points: number
  readonly at: number
}

/** Topics kept of one visitor; beyond, the weakest makes room. */
const MOST = 20

/** Adds to a topic, in place where there are topics already. Points as named by the model: no cap hides an interest. */
export const addInterest = (topics: Topics = {}, { topic, points, at }: Interest, halfLifeDays: number): Topics => {
  if (Object.hasOwn(topics, topic)) {
    const [before, then] = topics[topic]!
    topics[topic] = [points + before * fade(at - then, halfLifeDays), at]
    return topics
  }
  // A name such as __proto__ is a name like any other.
  const value: Topics[string] = [points, at]
  Object.defineProperty(topics, topic, { value, enumerable: true, configurable: true, writable: true })
  const all = interestsAt(topics, at, halfLifeDays)
  if (all.length > MOST) delete topics[all.findLast((each) => each.topic !== topic)!.topic]
  return topics
}

/** Every topic with what is left of its points at an instant, the strongest first. */
export const interestsAt = (
  topics: Topics = {},
  at: number,
  halfLifeDays: number,
): readonly { readonly topic: string; readonly value: number }[] =>
  Object.entries(topics)
    .map(([topic, [points, then]]) => ({ topic, value: points * fade(at - then, halfLifeDays) }))
    .sort((a, b) => b.value - a.value || (a.topic < b.topic ? -1 : 1))
