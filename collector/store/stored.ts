/** Events and states as they stand in a row, and back; without terms where the store keeps none. */
import type { VisitorEvent } from '../../shared/event.ts'
import { type PackedState, pack, unpack } from '../../shared/pack.ts'
import type { VisitorState } from '../../shared/state.ts'
import { type Compactable, fromCompact, type Terms, toCompact } from './compact.ts'

/**
 * Every field of an event but what it is by default, those that most have first: a row tells by one bit each which ones
 * follow. What was written stays readable as long as this list only grows.
 */
const FIELDS = (
  'id at type view url title referrer seconds scroll funnel signal topic source name props flagged session outbound ' +
  'form step filled errors field purpose traits query percent account state verdict reason amount points group'
).split(' ')
const PLACES = new Map(FIELDS.map((field, n) => [field, n]))
const USUAL = { source: 'browser' } as const

type Fields = { readonly [field: string]: Compactable }

/** The values of one event, each at its place: an event has few of all the fields there are. */
const places: Compactable[] = FIELDS.map(() => undefined)

const tupleOf = (event: Fields): Compactable => {
  let mask = 0
  let others: Record<string, Compactable> | undefined
  for (const field of Object.keys(event)) {
    const value = event[field]
    if (value === undefined || (field === 'source' && value === USUAL.source)) continue
    const place = PLACES.get(field)
    if (place === undefined) others = { ...others, [field]: value }
    else {
      mask += 2 ** place
      places[place] = value
    }
  }
  const values: Compactable[] = [mask]
  for (let n = 0, rest = mask; rest > 0; n += 1, rest = Math.floor(rest / 2)) if (rest % 2 === 1) values.push(places[n])
  if (others) values.push(others)
  return values
}

const eventOf = ([mask, ...values]: readonly Compactable[]): VisitorEvent => {
  const event: Record<string, Compactable> = { ...USUAL }
  let rest = mask as number
  let next = 0
  for (let n = 0; rest > 0; n += 1, rest = Math.floor(rest / 2)) {
    if (rest % 2 === 0) continue
    event[FIELDS[n]!] = values[next]
    next += 1
  }
  return Object.assign(event, values[next]) as unknown as VisitorEvent
}

export const storedEvents = (events: readonly VisitorEvent[], terms?: Terms): Buffer =>
  toCompact(
    events.map((event) => tupleOf(event as unknown as Fields)),
    events[0]?.at ?? 0,
    terms,
  )

export const eventsIn = (body: Buffer, terms?: Terms): readonly VisitorEvent[] =>
  (fromCompact(body, terms) as readonly (readonly Compactable[])[]).map(eventOf)

export const storedState = (state: VisitorState, terms?: Terms): Buffer =>
  toCompact(pack(state) as unknown as Compactable, state.lastSeen, terms)

export const stateIn = (stored: Buffer, terms?: Terms): VisitorState =>
  unpack(fromCompact(stored, terms) as unknown as PackedState)
