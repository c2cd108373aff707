/** Every visitor the page has heard of, each a signal: a changed score draws its own row and nothing else. */
import { type Signal, signal } from '@preact/signals'
import type { Visitor } from '../../../shared/answer.ts'

/** How many are kept; beyond, those longest unheard of go. */
const KEPT = 20_000

const people = new Map<string, Signal<Visitor>>()

export const person = (id: string): Signal<Visitor> | undefined => people.get(id)

/** Takes in what the collector says of a visitor now. */
export const meet = (visitor: Visitor): Signal<Visitor> => {
  const known = people.get(visitor.id)
  const met = known ?? signal(visitor)
  met.value = visitor
  people.delete(visitor.id)
  people.set(visitor.id, met)
  if (people.size > KEPT) people.delete(people.keys().next().value!)
  return met
}
