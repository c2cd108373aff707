/** The view under way: what happens in it is recorded, and what there is to tell is told before it ends. */
import { state } from './consent.ts'
import { restart, totals } from './engagement.ts'
import type { Noticed, Tag, WireEvent } from './event.ts'
import { giveUp } from './form.ts'
import { add, flush, queue } from './queue.ts'
import { random } from './random.ts'
import { searchedFor } from './search.ts'
import { pageTag } from './tag.ts'
import { leave } from './transport.ts'
import { clean } from './url.ts'

/** Whether the browser can hold the last word for a page that goes without one. */
const hasNet = 'fetchLater' in globalThis
/** Engaged seconds after which a view is reported in passing; ever more rarely where the browser holds a net. */
const REPORT = hasNet ? 16 : 14

let view = random(22, 36)
let referrer: string | undefined
let searched: string | undefined
let due = REPORT
/** Seconds and percent that were told already. */
let told = 0

const happen = (noticed: Noticed): WireEvent => ({ id: random(22, 36), at: Date.now(), view, ...noticed })

export const record = (noticed: Noticed): void => {
  if (state !== 'denied') add(happen(noticed))
}

const tell = (isLeaving?: boolean): void => {
  const report = totals()
  const sum = report.seconds + report.scroll
  if (isLeaving) giveUp()
  // A page that goes is hidden too: twice within a moment is once.
  if (sum < told + 0.1) return
  record(report)
  told = sum
}

/** Sends all there is to tell, before the page may be gone. */
export const end = (isLeaving?: boolean): void => {
  tell(isLeaving)
  leave()
  flush()
}

/** A page view; what the one before has to tell goes with it. */
export const page = (tag?: Tag): void => {
  tell(true)
  restart()
  view = random(22, 36)
  due = REPORT
  told = 0
  record({
    type: 'page',
    url: clean(location.href),
    title: document.title,
    referrer: clean(referrer ?? document.referrer),
    ...pageTag(),
    ...tag,
  })
  referrer = location.href
  const query = searchedFor() ?? searched
  if (query && query !== searched) record({ type: 'search', query: query.slice(0, 200) })
  searched = query
  flush()
}

/** Engaged time has grown: it is left with the browser, and now and then reported. */
export const beat = (): void => {
  const report = totals()
  if (report.seconds > due) {
    due += hasNet ? due : REPORT
    end()
  }
  if (state === 'granted') leave([...queue, happen(report)])
}
