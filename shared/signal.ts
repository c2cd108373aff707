/** What an event means, by itself: tags first, then page rules, then the defaults of the model. */
import type { ClickEvent, DownloadEvent, FormEvent, Funnel, MediaEvent, PageEvent, TrackEvent } from './event.ts'
import { createLexicon, fold } from './lexicon.ts'
import { type Model, type Signal, target } from './model.ts'
import { createPageRules } from './page-rule.ts'

/** A signal, and why it fired, in words. */
export interface Firing {
  readonly signal: string
  readonly rule: string
}

export interface PageMeaning {
  readonly funnel: Funnel | undefined
  readonly topic: string | undefined
  /** At most one content signal. */
  readonly content: Firing | undefined
  /** How its meaning is known: by the page's own tag, by a page rule, not at all. */
  readonly tagged: 'tag' | 'rule' | 'none'
  /** Whether it counts as a page view: sign-in and job pages do not. */
  readonly counts: boolean
  /** Whether time on it is time spent on buying. */
  readonly commercial: boolean
}

export interface Reader {
  readonly page: (event: PageEvent) => PageMeaning
  /** The view arrived by an e-mail or a paid link. */
  readonly campaign: (url: string | undefined) => Firing | undefined
  /** The words of an advertisement that was clicked, from the address. */
  readonly adWords: (url: string | undefined) => string | undefined
  /** What was searched for, or written in a chat. */
  readonly words: (text: string) => Firing | undefined
  readonly action: (event: Action, onPage: string | undefined) => readonly Firing[]
}

/** What happens on a page and has a meaning of its own. */
export type Action = DownloadEvent | ClickEvent | FormEvent | MediaEvent | TrackEvent

/** The signal that the name of an event stands for: its own name, an alias, or a usual name of the tracking plans. */
export const createEventNames = (model: Model): ((name: string) => string | undefined) => {
  const usual = new Map(Object.entries(model.eventNames).map(([name, signal]) => [plain(name), signal]))
  return (name) => {
    const signal = target(model, name)
    return Object.hasOwn(model.signals, signal) ? signal : usual.get(plain(name))
  }
}

/** Compiles a model into a reader of events. */
export const createReader = (model: Model): Reader => {
  const ruleFor = createPageRules(model.pageRules)
  const classOf = createLexicon(model)
  const signalOfEvent = createEventNames(model)

  const signalOf = (name: string): Signal | undefined =>
    Object.hasOwn(model.signals, name) ? model.signals[name] : undefined
  const tagged = (name: string | undefined): Firing | undefined => {
    const signal = name && target(model, name)
    return signal && signalOf(signal) ? { signal, rule: `tagged ${name}` } : undefined
  }

  const page = (event: PageEvent): PageMeaning => {
    const found = event.url === undefined ? undefined : ruleFor(event.url)
    // A rule that speaks of another part of the funnel than the page's own tag is wrong about this page.
    const rule = event.funnel && event.funnel !== found?.funnel ? undefined : found
    const explicit = tagged(event.signal)
    const funnel = event.funnel ?? (explicit ? undefined : rule?.funnel)
    const ruled = rule?.signal ? { signal: target(model, rule.signal), rule: `page rule ${rule.path}` } : undefined
    const byFunnel = funnel && {
      signal: model.pageSignals[funnel],
      rule: byFunnelRule(event.funnel, rule?.path, funnel),
    }
    const content = explicit ?? ruled ?? byFunnel
    const signal = content && signalOf(content.signal)
    const place = funnel ?? (content && naturalFunnel(content.signal, signal, model))
    const commercial = place === 'mofu' || place === 'bofu' || model.deepSession.signals.includes(content?.signal ?? '')
    return {
      funnel: place,
      topic: event.topic ?? rule?.topic,
      content,
      tagged: explicit || event.funnel ? 'tag' : content ? 'rule' : 'none',
      counts: signal?.pageView !== false,
      commercial,
    }
  }

  const words = (text: string): Firing | undefined => {
    const means = classOf(text)
    return means && { signal: `search_${means}`, rule: `${means} search words` }
  }

  const track = (event: TrackEvent): readonly Firing[] => {
    const signal = signalOfEvent(event.name)
    if (!signal || (signalOf(signal)?.companyOnly && event.source === 'browser')) return []
    const spoken = model.lexicons.textSignals.includes(signal) ? words(textOf(event)) : undefined
    return [{ signal, rule: `event ${event.name}` }, ...(spoken ? [spoken] : [])]
  }

  const form = (event: FormEvent, onPage: string | undefined): Firing | undefined => {
    if (event.step !== 'submit') return undefined
    const explicit = tagged(event.signal)
    if (explicit) return explicit
    if (event.purpose !== undefined && model.silentForms.includes(event.purpose)) return undefined
    const quiet = onPage !== undefined && signalOf(onPage)?.pageView === false
    return quiet ? { signal: onPage, rule: 'form on such a page' } : { signal: model.formSignal, rule: 'untagged form' }
  }

  const media = ({ signal, percent }: MediaEvent): readonly Firing[] =>
    [50, 90]
      .filter((mark) => percent >= mark)
      .map((mark) => ({ signal: `${signal}_${mark}`, rule: `${mark} % of a video tagged ${signal}` }))
      .filter((firing) => signalOf(firing.signal))

  const action = (event: Action, onPage: string | undefined): readonly Firing[] => {
    switch (event.type) {
      case 'download': {
        const byFunnel = model.downloadSignals[event.funnel ?? 'none']
        return [tagged(event.signal) ?? { signal: byFunnel, rule: `${event.funnel ?? 'untagged'} download` }]
      }
      case 'click':
        // The target page of an internal link says what it means; a link away or a button has only its tag.
        return event.url === undefined || event.outbound ? some(tagged(event.signal)) : []
      case 'form':
        return some(form(event, onPage))
      case 'media':
        return media(event)
      case 'track':
        return track(event)
    }
  }

  return {
    page,
    action,
    words,
    campaign: (url) => campaignOf(url, model),
    adWords: (url) => queryOf(url)?.get('utm_term') ?? undefined,
  }
}

const some = (firing: Firing | undefined): readonly Firing[] => (firing ? [firing] : [])

const plain = (name: string): string =>
  fold(name)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

const byFunnelRule = (tag: Funnel | undefined, path: string | undefined, funnel: Funnel): string =>
  tag ? `tagged ${tag}` : `page rule ${path} (${funnel})`

const naturalFunnel = (name: string, signal: Signal | undefined, model: Model): Funnel | undefined => {
  if (name === model.pricing.signal || signal?.group === 'intent') return 'bofu'
  return signal?.group === 'evaluate' ? 'mofu' : signal?.group === 'discover' ? 'tofu' : undefined
}

const queryOf = (url: string | undefined): URLSearchParams | undefined => {
  const start = url?.indexOf('?') ?? -1
  return start < 0 ? undefined : new URLSearchParams(url!.slice(start + 1).replace(/#.*$/s, ''))
}

const campaignOf = (url: string | undefined, { campaigns }: Model): Firing | undefined => {
  const query = queryOf(url)
  if (!query) return undefined
  const medium = fold(query.get('utm_medium') ?? '')
  if (campaigns.media.includes(medium)) return { signal: 'campaign_click', rule: `utm_medium ${medium}` }
  const clickId = campaigns.clickIds.find((name) => query.has(name))
  return clickId ? { signal: 'campaign_click', rule: `click id ${clickId}` } : undefined
}

const textOf = ({ props }: TrackEvent): string =>
  ['text', 'message', 'answer', 'query'].map((key) => (typeof props?.[key] === 'string' ? props[key] : '')).join(' ')
