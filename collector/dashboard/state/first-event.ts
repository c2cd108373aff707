/** Whether a site's tag works: the first event that comes, or why one was refused since the page was opened. */
import { signal } from '@preact/signals'
import type { LiveMessage } from '../../../shared/answer.ts'
import { get, getVisitors } from '../api.ts'

export interface Refused {
  readonly at: string
  readonly site?: string | null
  readonly code: string
  readonly message: string
}
export interface RejectedList {
  readonly items: readonly Refused[]
  readonly counts: Readonly<Record<string, number>>
}

export type Arrival =
  | { readonly is: 'waiting'; readonly refused?: Refused | undefined }
  /** `what`: the address, where one was told live. */
  | { readonly is: 'there'; readonly what?: string | undefined }

const LOOK_MS = 4000

export const arrival = signal<Arrival>({ is: 'waiting' })
let watched: string | undefined

/** Somebody of another site that is not known here may be meant for this one. */
const isMeant = (refused: Refused, site: string, since: number): boolean =>
  Date.parse(refused.at) >= since && (!refused.site || refused.site === site)

/** Watches a site until the answer is called. */
export const watchArrival = (site: string): (() => void) => {
  watched = site
  arrival.value = { is: 'waiting' }
  const since = Date.now() - LOOK_MS
  const look = async (): Promise<void> => {
    const seen = await getVisitors(new URLSearchParams({ site, limit: '1' }))
    if (watched !== site || arrival.peek().is === 'there') return
    if (seen.ok && seen.value.items.length > 0) {
      arrival.value = { is: 'there' }
      return
    }
    const answer = await get<RejectedList>('/api/rejected?limit=20')
    if (watched !== site || !answer.ok || arrival.peek().is === 'there') return
    arrival.value = { is: 'waiting', refused: answer.value.items.find((each) => isMeant(each, site, since)) }
  }
  void look()
  const timer = setInterval(() => void look(), LOOK_MS)
  return () => {
    clearInterval(timer)
    if (watched === site) watched = undefined
  }
}

/** An event came: the first of its site, perhaps. */
export const noteArrival = (message: LiveMessage): void => {
  if (message.name !== 'event' || message.site !== watched) return
  arrival.value = { is: 'there', what: message.url ?? message.detail ?? message.type }
}
