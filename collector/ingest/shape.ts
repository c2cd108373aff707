/** A snippet's event, checked by its schema, in the shape the fold reads. */
import type { VisitorEvent } from '../../shared/event.ts'
import type { Issue } from './batch.ts'
import type { SnippetEvent } from './schema.ts'
import { CAPS, clean, cleanIf, tagOf } from './text.ts'
import { personTraits } from './traits.ts'
import { cleanDownload, cleanReferrer, cleanUrl } from './url.ts'
import { plainObject } from './value.ts'

export interface Setting {
  readonly at: number
  readonly source: 'browser' | 'server'
  /** The site routes by the hash. */
  readonly hash: boolean
}

const NO_DOWNLOAD: Issue = { code: 'invalid', message: 'url takes an http or https address' }

const within = (value: number, most: number) => Math.max(0, Math.min(value, most))
export const toPercent = (value: number) => within(value, 100)
export const toSeconds = (value: number) => within(value, 86_400)
const toCount = (value: number | null | undefined) => (value == null ? undefined : within(Math.round(value), 1000))

type Of<T extends SnippetEvent['type']> = Extract<SnippetEvent, { type: T }>

const tagsOf = ({ funnel, signal, topic }: Pick<Of<'page'>, 'funnel' | 'signal' | 'topic'>) => ({
  funnel: funnel ?? undefined,
  signal: tagOf(signal),
  topic: tagOf(topic),
})

const formOf = (wire: Of<'form'>) => ({
  form: clean(wire.form, CAPS.name),
  step: wire.step,
  filled: toCount(wire.filled),
  errors: toCount(wire.errors),
  field: cleanIf(wire.field, CAPS.name),
  purpose: tagOf(wire.purpose),
  traits: wire.traits ? personTraits(wire.traits) : undefined,
})

const clickOf = ({ url, outbound }: Of<'click'>, hash: boolean) => ({
  url: cleanUrl(url, hash),
  outbound: outbound || undefined,
})

const mediaOf = ({ name, percent }: Of<'media'>) => ({ name: clean(name, CAPS.name), percent: toPercent(percent) })

export const shapeSnippet = (wire: SnippetEvent, { at, source, hash }: Setting): VisitorEvent | Issue => {
  const occurrence = { id: clean(wire.id), at, source, view: cleanIf(wire.view) }
  switch (wire.type) {
    case 'page': {
      const [url, referrer] = [cleanUrl(wire.url, hash), cleanReferrer(wire.referrer)]
      return { ...occurrence, type: 'page', url, title: cleanIf(wire.title, CAPS.title), referrer, ...tagsOf(wire) }
    }
    case 'engagement': {
      const [seconds, scroll] = [toSeconds(wire.seconds), toPercent(wire.scroll)]
      return { ...occurrence, type: 'engagement', view: clean(wire.view), seconds, scroll }
    }
    case 'download': {
      const url = cleanDownload(wire.url)
      return url ? { ...occurrence, type: 'download', url, ...tagsOf(wire) } : NO_DOWNLOAD
    }
    case 'click':
      return { ...occurrence, type: 'click', ...clickOf(wire, hash), ...tagsOf(wire) }
    case 'form':
      return { ...occurrence, type: 'form', ...formOf(wire), ...tagsOf(wire) }
    case 'search':
      return { ...occurrence, type: 'search', query: clean(wire.query, CAPS.query), ...tagsOf(wire) }
    case 'media':
      return { ...occurrence, type: 'media', ...mediaOf(wire), ...tagsOf(wire) }
    case 'track':
      return {
        ...occurrence,
        type: 'track',
        name: clean(wire.name, CAPS.name),
        props: wire.props ? plainObject(wire.props) : undefined,
      }
    case 'identify':
      return { ...occurrence, type: 'identify', traits: personTraits(wire.traits) }
    case 'consent':
      return { ...occurrence, type: 'consent', state: wire.state }
  }
}
