/** What sales gets to see of a lead, as far as this page shows it. */
import type { Visitor } from '../../shared/answer.ts'

export interface Packet {
  readonly owner: { readonly name: string; readonly email?: string } | null
  readonly consent: 'granted' | 'denied' | null
  readonly whyNow: readonly string[]
  readonly content: readonly { readonly title: string; readonly url: string; readonly times: number }[]
  readonly searches: readonly { readonly query: string; readonly times: number }[]
  readonly lastFeedback: { readonly verdict: string; readonly reason: string | null; readonly at: string } | null
  readonly next: Visitor['next']
  readonly link: string | null
}
