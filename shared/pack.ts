/** A state without the names of what there is most of, and back: what is written at every commit had better be small. */
import type { OpenView, VisitorState } from './state.ts'

type PackedView = readonly [
  id: string,
  session: number,
  seconds: number,
  scroll: number,
  commercial: 0 | 1,
  content?: string | null,
  topic?: string | null,
  unread?: readonly [signal: string, rule: string],
]

export type PackedState = Omit<VisitorState, 'open'> & { readonly open: readonly PackedView[] }

export const pack = (state: VisitorState): PackedState => ({ ...state, open: state.open.map(packView) })

export const unpack = ({ open, ...rest }: PackedState): VisitorState => ({ ...rest, open: open.map(unpackView) })

const packView = ({ id, session, seconds, scroll, commercial, content, topic, unread }: OpenView): PackedView => {
  const head = [id, session, seconds, scroll, commercial ? 1 : 0] as const
  if (unread) return [...head, content ?? null, topic ?? null, [unread.signal, unread.rule]]
  return topic === undefined ? (content === undefined ? head : [...head, content]) : [...head, content ?? null, topic]
}

const unpackView = ([id, session, seconds, scroll, commercial, content, topic, unread]: PackedView): OpenView => ({
  id,
  session,
  seconds,
  scroll,
  commercial: commercial === 1,
  ...(content != null && { content }),
  ...(topic != null && { topic }),
  ...(unread && { unread: { signal: unread[0], rule: unread[1] } }),
})
