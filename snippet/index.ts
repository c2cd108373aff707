/** Wires sensors to the queue and the queue to the transport, and decides the order in which the page is listened to. */
import { onClick } from './click.ts'
import { ask, deny, grant, halt, state } from './consent.ts'
import { onEngagement } from './engagement.ts'
import type { Noticed, Tag, Traits, WireEvent } from './event.ts'
import { onForm } from './form.ts'
import { isBelow, keep, openStorage } from './identity.ts'
import { listen, onRoot, stopListening } from './listen.ts'
import { onMedia } from './media.ts'
import { isOn, type Options, options, setOptions, words } from './options.ts'
import { onView } from './pageview.ts'
import { add, close, flush, open, waiting } from './queue.ts'
import { random } from './random.ts'
import { safe } from './safe.ts'
import { pageTag } from './tag.ts'
import { fetchLater, leave, onStage, post } from './transport.ts'
import { clean } from './url.ts'

/** What a page can tell the snippet. */
export interface Leadlight {
  track(name: string, props?: Traits): void
  identify(traits: Traits): void
  /** A page view, where they do not come by themselves. */
  page(tag?: Tag): void
  /** Progress of a player that is not an element of the page. */
  media(name: string, percent: number, tag?: Tag): void
  consent(state: 'granted' | 'denied'): void
  /** Somebody else from here on, as after signing out. */
  reset(): void
  on(what: 'stage', callback: (stage: string) => void): void
  stop(): void
}

/** A call as `leadlight(…)` takes it. */
export type Command = { [K in keyof Leadlight]: [name: K, ...args: Parameters<Leadlight[K]>] }[keyof Leadlight]

/** Engaged seconds after which a view is reported in passing; ever more rarely where the browser holds a net. */
const REPORT = fetchLater ? 16 : 14

/** Whether the owner or the visitor wants nothing to be seen here. */
const isUnwanted = (): boolean => {
  const { globalPrivacyControl, doNotTrack } = navigator as Navigator & { globalPrivacyControl?: boolean }
  const domains = words(options.domains)
  return (
    !options.site ||
    (options.gpc !== false && (globalPrivacyControl || doNotTrack === '1')) ||
    (!!domains[0] && !isBelow(location.hostname, domains))
  )
}

const observe = (): Leadlight => {
  const searches = words(options.searchParams ?? 'q,query,s,search')
  let view = ''
  let referrer = document.referrer
  let searched: string | null | undefined
  let due: number
  let told: number

  const happen = (noticed: Noticed): WireEvent => ({ id: random(22, 36), at: Date.now(), view, ...noticed })
  const record = (noticed: Noticed): void => {
    if (state !== 'denied') add(happen(noticed))
  }
  const begin = (): void => {
    view = random(22, 36)
    restart()
    due = REPORT
    told = 0
  }
  /** Tells all there is before something ends. */
  const tellAll = (isLeaving?: boolean): void => {
    const report = totals()
    const sum = report.seconds + report.scroll
    if (isLeaving) giveUp()
    if (sum > told) record(report)
    told = sum
  }
  const end = (isLeaving?: boolean): void => {
    tellAll(isLeaving)
    leave()
    flush()
  }
  const page = (tag?: Tag): void => {
    tellAll(true)
    begin()
    record({
      type: 'page',
      url: clean(location.href),
      title: document.title,
      referrer: clean(referrer),
      ...pageTag(),
      ...tag,
    })
    referrer = location.href
    const params = new URLSearchParams(location.search)
    const query = searches.map((name) => params.get(name)).find(Boolean)
    if (query && query !== searched) record({ type: 'search', query: query.slice(0, 200) })
    searched = query || searched
    flush()
  }

  const [totals, restart] = onEngagement(() => {
    const report = totals()
    if (report.seconds > due) {
      due += fetchLater ? due : REPORT
      end()
    }
    if (state === 'granted') leave([...waiting, happen(report)])
  })
  const [hear, giveUp] = onForm((name) => searches.includes(name), record)
  onRoot((root) => {
    hear(root)
    onMedia(record, root)
  })
  onClick(record)
  const look = isOn(options.manual) ? undefined : onView(page)
  // Last, so that the sensors have told what they know. Once a page is hidden nothing that follows is certain.
  listen('visibilitychange pagehide', ({ type }) => {
    if (!document.hidden && type !== 'pagehide') return
    look?.()
    end(type === 'pagehide')
  })
  listen('online', flush)
  begin()
  openStorage()
  ask()
  if (state === 'granted') open()

  return {
    track: (name, props) => record({ type: 'track', name, props }),
    identify: (traits) => record({ type: 'identify', traits }),
    page,
    media: (name, percent, tag) => record({ type: 'media', name, percent, ...tag }),
    consent: (next) => {
      const was = state
      if (next === was) return
      if (next === 'granted') {
        grant()
        record({ type: 'consent', state: next })
        open()
        if (was === 'denied' && look) page()
        flush()
      } else {
        // The last word of the one who is forgotten: the collector is to know it.
        if (was === 'granted') post([happen({ type: 'consent', state: next })])
        leave()
        close()
        deny()
      }
    },
    reset: () => {
      end(true)
      close()
      keep('')
      if (state === 'granted') {
        grant()
        open()
      }
      if (look) page()
    },
    on: (_what, callback) => onStage.push(callback),
    stop: () => {
      end(true)
      stopListening()
      halt()
    },
  }
}

/**
 * Starts on this page; where it is prerendered, as soon as it is shown. Returns what runs a command. `early`: those
 * given before, which are run ahead of the first page view, for one of them may say that there is to be none.
 */
export const start = (given: Options, early: Command[] = []): ((command: Command) => void) => {
  let leadlight: Leadlight | undefined
  const run = safe(([name, ...args]: Command) => (leadlight![name] as (...args: unknown[]) => void)(...args))
  const begin = safe(() => {
    setOptions(given)
    if (isUnwanted()) return
    leadlight = observe()
    early.forEach(run)
    if (!isOn(given.manual)) leadlight.page()
  })
  if ((document as Document & { prerendering?: boolean }).prerendering) listen('prerenderingchange', begin)
  else begin()
  return (command) => (leadlight ? run(command) : early.push(command))
}
