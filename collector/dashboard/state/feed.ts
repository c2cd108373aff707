/** What just happened, newest first: changes of stage and qualification, and people who ask for us. */
import { signal } from '@preact/signals'
import type { LiveMessage, Visitor } from '../../../shared/answer.ts'
import { identityOf } from '../person.ts'
import { HAND_RAISES, leadsUp } from '../scale.ts'
import { person } from './people.ts'

const KEPT = 60
const RECENT_MS = 24 * 3600 * 1000

export interface FeedItem {
  readonly key: string
  readonly at: string
  readonly visitor: string
  readonly site: string
  readonly who: string
  /** `arrival` is a stage whose change we did not see: read from the list, it lacks where they came from. */
  readonly what: 'stage' | 'qualification' | 'flag' | 'hand-raise' | 'arrival'
  readonly from: string
  readonly to: string
  readonly up: boolean | undefined
}

export const feed = signal<readonly FeedItem[]>([])
export const counts = signal({ up: 0, down: 0, raised: 0 })

const nameOf = (id: string): string => identityOf(person(id)?.peek() ?? { id, traits: {}, account: null }).name

const put = (items: readonly FeedItem[]): void => {
  const byKey = new Map([...items, ...feed.value].map((item) => [item.key, item]))
  feed.value = [...byKey.values()].sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0)).slice(0, KEPT)
}

/** Fills a feed that has just begun with what the list says of the last day. */
export const seedFeed = (visitors: readonly Visitor[], moment: number): void => {
  const recent = visitors.filter(
    ({ stage, stageSince }) => stage !== 'awareness' && moment - Date.parse(stageSince) < RECENT_MS,
  )
  const seen = new Set(feed.value.map(({ visitor }) => visitor))
  put(
    recent
      .filter(({ id }) => !seen.has(id))
      .map((visitor) => ({
        ...{ key: `arrival ${visitor.id}`, at: visitor.stageSince, visitor: visitor.id, site: visitor.site },
        ...{ who: identityOf(visitor).name, what: 'arrival', from: '', to: visitor.stage },
        up: undefined,
      })),
  )
}

/** The hand-raise among the reasons that was not there, or was weaker, before. */
export const freshHandRaise = (before: Visitor, after: Visitor): string | undefined =>
  after.why.find(
    ({ signal: name, value }) =>
      HAND_RAISES.includes(name) && value > 0.5 + (before.why.find((old) => old.signal === name)?.value ?? 0),
  )?.signal

export const noteHandRaise = (before: Visitor, after: Visitor): void => {
  const raised = freshHandRaise(before, after)
  if (!raised) return
  counts.value = { ...counts.value, raised: counts.value.raised + 1 }
  const { id: visitor, site, lastSeen: at } = after
  const who = identityOf(after).name
  put([{ key: `raise ${visitor} ${at}`, at, visitor, site, who, what: 'hand-raise', from: '', to: raised, up: true }])
}

export const noteTransition = (message: Extract<LiveMessage, { name: 'transition' }>): void => {
  const { visitor, site, at, what, from, to } = message
  const up = leadsUp(from, to)
  const key = `${what} ${visitor} ${at} ${to}`
  if (feed.value.some((item) => item.key === key)) return
  const { value } = counts
  if (what === 'stage') counts.value = up ? { ...value, up: value.up + 1 } : { ...value, down: value.down + 1 }
  put([{ key, at, visitor, site, who: nameOf(visitor), what, from, to, up }])
}
