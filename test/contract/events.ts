/** Events as ingest hands them on, for the tests of what becomes of them. */
import type { Arriving } from '../../shared/append.ts'
import type { VisitorEvent } from '../../shared/event.ts'
import type { Who } from '../../shared/identity.ts'

export const DAY = 86_400_000
export const HOUR = 3_600_000
export const NOON = Date.UTC(2026, 8, 21, 12)

type Part = { readonly [Type in VisitorEvent['type']]: Partial<Extract<VisitorEvent, { type: Type }>> }
const FILLED: Part = {
  page: { url: 'https://shop.example/about' },
  engagement: { view: 'v', seconds: 30, scroll: 80 },
  download: { url: 'https://shop.example/guide.pdf' },
  click: {},
  form: { form: 'demo', step: 'submit' },
  search: { query: 'backup' },
  media: { name: 'tour', percent: 90 },
  track: { name: 'Product Added' },
  identify: { traits: {} },
  group: { account: 'acme' },
  consent: { state: 'granted' },
  feedback: { verdict: 'accepted' },
  adjust: { points: 1, group: 'engage', reason: 'met at a fair' },
  opening: { state: '' },
}

/** An event of a type, with what matters to the test. */
export const event = <Type extends VisitorEvent['type']>(
  type: Type,
  given: Partial<Extract<VisitorEvent, { type: Type }>> & { readonly id: string },
): VisitorEvent => ({ at: NOON, source: 'browser', ...FILLED[type], ...given, type }) as VisitorEvent

export const from = (who: Who | string, happened: VisitorEvent, site = 'default'): Arriving => ({
  site,
  who: typeof who === 'string' ? { anonymous: who } : who,
  event: happened,
})
