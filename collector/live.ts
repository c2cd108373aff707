/** What happens, as it happens: a cursor over the log that looks again at every pulse. */
import type { LiveMessage } from '../shared/answer.ts'
import { isoOf } from '../shared/present.ts'
import { detailOf, type Profiles } from './profiles.ts'
import type { LogEntry, Views } from './store/store.ts'

/** Entries read at a time. */
const SLICE = 500

export interface LiveItem {
  /** The cursor after this item. */
  readonly seq: number
  readonly message: LiveMessage
}

export interface LiveOptions {
  readonly views: Views
  readonly profiles: Profiles
  readonly onPulse: (callback: () => void) => () => void
  readonly now: () => number
  /** Ends every stream: the collector stops. */
  readonly stopping: AbortSignal
}

export interface Live {
  readonly head: () => Promise<number>
  /** All that was written after `cursor`, in order, then whatever follows, until `signal` aborts. */
  readonly follow: (cursor: number, signal: AbortSignal) => AsyncGenerator<LiveItem>
}

export const createLive = ({ views, profiles, onPulse, now, stopping }: LiveOptions): Live => {
  const next = async (cursor: number): Promise<{ items: readonly LiveItem[]; cursor: number }> => {
    const head = await views.head()
    if (head <= cursor) return { items: [], cursor }
    const entries = await views.read(cursor, SLICE)
    const upTo = entries.length === SLICE ? entries.at(-1)!.seq : head
    const changed = await views.changed(cursor, upTo, SLICE)
    const items = [
      ...entries.map((entry): LiveItem => ({ seq: entry.seq, message: messageOf(entry) })),
      ...changed.map(({ seq, ...visitor }): LiveItem => {
        return { seq, message: { name: 'score', visitor: profiles.show(visitor, now()) } }
      }),
    ].sort((a, b) => a.seq - b.seq)
    return { items, cursor: changed.length === SLICE ? Math.min(upTo, changed.at(-1)!.seq) : upTo }
  }

  const follow = async function* (start: number, gone: AbortSignal): AsyncGenerator<LiveItem> {
    const signal = AbortSignal.any([gone, stopping])
    let cursor = start
    let isStirred = true
    let wake = (): void => {}
    const stop = onPulse(() => {
      isStirred = true
      wake()
    })
    signal.addEventListener('abort', () => wake(), { once: true })
    try {
      while (!signal.aborted) {
        isStirred = false
        const { items, cursor: reached } = await next(cursor)
        for (const item of items) if (item.seq <= reached) yield item
        const isIdle = reached === cursor
        cursor = reached
        if (isIdle && !isStirred && !signal.aborted)
          await new Promise<void>((resolve) => {
            wake = resolve
          })
      }
    } finally {
      stop()
    }
  }

  return { head: views.head, follow }
}

const messageOf = ({ visitor, site, what }: LogEntry): LiveMessage => {
  if ('transition' in what) {
    const { what: kind, from, to, rule, score, at } = what.transition
    return { name: 'transition', visitor, site, at: isoOf(at), what: kind, from, to, rule, score }
  }
  const { event } = what
  return {
    name: 'event',
    visitor,
    site,
    type: event.type,
    at: isoOf(event.at),
    url: 'url' in event ? event.url : undefined,
    title: 'title' in event ? event.title : undefined,
    detail: detailOf(event),
    flagged: event.flagged,
  }
}
