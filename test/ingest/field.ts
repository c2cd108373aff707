/** Text in every field of every type, and every kind of call. */
import type { SegmentKind } from '../../collector/ingest/segment.ts'

export const KINDS: readonly SegmentKind[] = [
  'track',
  'page',
  'screen',
  'identify',
  'group',
  'alias',
  'batch',
  'import',
]

/** A string in every field that takes text, of every type. */
export const inEveryField = (text: string) => ({
  view: text,
  title: text,
  signal: text,
  topic: text,
  name: text,
  form: text,
  field: text,
  purpose: text,
  query: text,
  props: { [text]: text, list: [text] },
  traits: { [text]: text, email: text, name: text, company: text },
  url: `https://a.example/${text}?q=${text}#${text}`,
  referrer: `https://b.example/${text}`,
})
/** What is needed beside, of each type. */
export const TYPED = [
  { type: 'page' },
  { type: 'engagement', seconds: 1, scroll: 1 },
  { type: 'download' },
  { type: 'click' },
  { type: 'form', step: 'submit' },
  { type: 'search' },
  { type: 'media', percent: 1 },
  { type: 'track' },
  { type: 'identify' },
]
