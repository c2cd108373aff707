/** Wires sensors to the queue and the queue to the transport, and decides the order in which the page is listened to. */
import { onClick } from './click.ts'
import { ask, deny, grant, halt, state } from './consent.ts'
import { onEngagement } from './engagement.ts'
import type { Noticed, Tag, Traits, WireEvent } from './event.ts'
import { onForm } from './form.ts'
import { keep, openStorage } from './identity.ts'
import { listen, listenInShadow, stopListening } from './listen.ts'
import { onMedia } from './media.ts'
import { hostsOf, type Options, options, setOptions, words } from './options.ts'
import { onView } from './pageview.ts'
import { add, close, flush, queue } from './queue.ts'
import { random } from './random.ts'
import { safe } from './safe.ts'
import { pageTag } from './tag.ts'
import { leave, onStage } from './transport.ts'
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
const hasNet = 'fetchLater' in globalThis
const REPORT = hasNet ? 16 : 14

const observe = (): Leadlight => {
  const searches = words(options.searchParams ?? 'q,query,s,search')
  let view = random(22, 36)
  let referrer = document.referrer
  let searched = ''
  let due = REPORT
  let told = 0

  const happen = (noticed: Noticed): WireEvent => ({ id: random(22, 36), at: Date.now(), view, ...noticed })
  const record = (noticed: Noticed): void => {
    if (state !== 'denied') add(happen(noticed))
  }
  /** Tells what there is to tell before something ends. */
  const tell = (isLeaving?: boolean): void => {
    const report = totals()
    const sum = report.seconds + report.scroll
    if (isLeaving) giveUp()
    // A page that goes is hidden too: twice within a moment is once.
    if (sum < told + 0.1) return
    record(report)
    told = sum
  }
  const end = (isLeaving?: boolean): void => {
    tell(isLeaving)
    leave()
    flush()
  }
  const page = (tag?: Tag): void => {
    tell(true)
    restart()
    view = random(22, 36)
    due = REPORT
    told = 0
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
    const query = searches.map((name) => params.get(name)).find(Boolean) ?? searched
    if (query !== searched) record({ type: 'search', query: query.slice(0, 200) })
    searched = query
    flush()
  }

  const [totals, restart] = onEngagement(() => {
    const report = totals()
    if (report.seconds > due) {
      due += hasNet ? due : REPORT
      end()
    }
    if (state === 'granted') leave([...queue, happen(report)])
  })
  const giveUp = onForm((name) => searches.includes(name), record)
  onMedia(record)
  onClick(record)
  listenInShadow()
  const look = options.manual ? undefined : onView(page)
  // Last, so that the sensors have told what they know. Once a page is hidden nothing that follows is certain.
  listen('visibilitychange pagehide', ({ type }) => {
    if (!document.hidden && type !== 'pagehide') return
    look?.()
    end(type === 'pagehide')
  })
  listen('online', flush)
  openStorage()
  ask()

  return {
    track: (name, props) => record({ type: 'track', name, props }),
    identify: (traits) => record({ type: 'identify', traits }),
    page,
    media: (name, percent, tag) => record({ type: 'media', name, percent, ...tag }),
    consent: (next) => {
      const was = state
      if (next === was) return
      if (next === 'granted') grant()
      record({ type: 'consent', state: next })
      flush()
      if (next === 'denied') {
        leave()
        deny()
      } else if (was === 'denied' && look) page()
    },
    reset: () => {
      end(true)
      close()
      keep('')
      if (state === 'granted') grant()
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

/** Whether the visitor's browser asks not to be observed, or this is not a host of the site. */
const isUnwanted = ({ site, gpc, domains }: Options): boolean => {
  const { globalPrivacyControl, doNotTrack } = navigator as Navigator & { globalPrivacyControl?: boolean }
  const isRefused = gpc !== false && (globalPrivacyControl || doNotTrack === '1')
  return !site || isRefused || !hostsOf(domains || location.hostname).test(location.hostname)
}

/**
 * Starts on this page; where it is prerendered, as soon as it is shown. Runs the commands given, and each that is
 * added later. Those given before come ahead of the first page view, for one may say that there is to be none.
 */
export const start = (given: Options, commands: Command[]): void => {
  const begin = safe(() => {
    setOptions(given)
    if (isUnwanted(given)) return
    const leadlight = observe()
    const run = safe(([name, ...args]: Command) => (leadlight[name] as (...args: unknown[]) => void)(...args))
    const push = commands.push
    commands.forEach(run)
    commands.push = (command) => {
      run(command)
      // Kept, for a copy that comes later, for another site, is to hear of it too.
      return push.call(commands, command)
    }
    if (!given.manual) leadlight.page()
  })
  if ((document as Document & { prerendering?: boolean }).prerendering) listen('prerenderingchange', begin)
  else begin()
}
