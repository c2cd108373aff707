/** The view under way: when one begins, what is told of it in passing, and before it ends. */
import { state } from './consent.ts'
import { isEngaged, restart, stir, totals } from './engagement.ts'
import type { Tag } from './event.ts'
import { giveUp } from './form.ts'
import { ownAddress } from './options.ts'
import { depth, isNew, isSamePlace, markSeen, markUnseen, seen } from './pageview.ts'
import { flush, queue } from './queue.ts'
import { beginView, record, textOf } from './record.ts'
import { run } from './run.ts'
import { searchedFor } from './search.ts'
import { pageTag } from './tag.ts'
import { entrust } from './transport.ts'
import { clean } from './url.ts'

type Timer = ReturnType<typeof setTimeout> | 0

let searched: string | undefined
/** Seconds and percent that were told already. */
let told = 0
/** Engaged seconds after which a view is reported in passing; ever more rarely where the browser holds a net. */
let due: number
let net: unknown
let beating: Timer
let settling: Timer

const tell = (): void => {
  const report = totals()
  const sum = report.seconds + report.scroll
  // A page that goes is hidden too: twice within a moment is once.
  if (sum < told + 0.1) return
  told = sum
  record(report)
}

/** A page view; what the one before has to tell goes with it. */
export const page = (tag?: Tag): void => {
  const { referrer } = document
  const last = searched
  giveUp()
  tell()
  beginView()
  restart()
  told = 0
  due = 14
  record({
    type: 'page',
    url: clean(location.href),
    title: document.title,
    // Of a view that follows another the server knows.
    referrer: seen || ownAddress.test(referrer) ? undefined : clean(referrer),
    ...pageTag(),
    ...tag,
  })
  markSeen()
  searched = searchedFor()
  if (searched && searched !== last) record({ type: 'search', query: searched })
  flush()
}

/** Looks at once whether a view is due, as at first. */
export const settle = (): void => {
  settling = 0
  if (isNew()) page()
}

/**
 * The address may have changed: one view when redirects have run and the title is the new one. An address of which only
 * the query is replaced is the same page: filters, and what hydration tidies away. Browsers without `navigation` do not
 * tell what was done to the history; they are asked how long it is.
 */
export const look = (kind?: string | null): void => {
  if (settling || !isNew()) return
  const isReplaced = kind ? kind === 'replace' : history.length === depth
  if (isReplaced && isSamePlace()) markSeen()
  else settling = setTimeout(run, 100, settle)
}

/** A view, whatever was seen; unless they come by command alone. */
export const view = (): void => {
  markUnseen()
  settle()
}

/** Sends all there is to tell, before the page may be gone. */
export const end = (): void => {
  settle()
  tell()
  flush()
}

/** The same, and the visitor does not come back to this view. */
export const leave = (): void => {
  giveUp()
  end()
}

/** About once a second while engaged time grows: it is left with the browser, and now and then reported. */
const beat = (): void => {
  const report = totals()
  beating = 0
  if (!isEngaged()) return
  look()
  if (report.seconds > due) {
    due += net ? due : 14
    end()
  }
  net = state === 'granted' && entrust(queue + (queue && ',') + textOf(report))
  beating = setTimeout(run, 1e3, beat)
}

/** A sign of life. */
export const live = (): void => {
  stir()
  if (!beating) beating = setTimeout(run, 1e3, beat)
  look()
}
