/** What the snippet notices, and the shape in which it goes over the wire. Types only. */
import type {
  ClickEvent,
  ConsentEvent,
  DownloadEvent,
  EngagementEvent,
  FormEvent,
  IdentifyEvent,
  MediaEvent,
  PageEvent,
  SearchEvent,
  TrackEvent,
} from '../shared/event.ts'

export type { Tag, Traits } from '../shared/event.ts'

type Plain<E> = Omit<E, 'id' | 'at' | 'source' | 'flagged' | 'view' | 'session'>

export type Engagement = Plain<EngagementEvent>
/** `outbound`: the link leads to another site. */
export type Click = Plain<ClickEvent> & { readonly outbound?: boolean }
export type Download = Plain<DownloadEvent> & { readonly outbound?: boolean }
export type Form = Plain<FormEvent>
export type Search = Plain<SearchEvent>
export type Media = Plain<MediaEvent>

/** One thing a visitor did, as its sensor tells it. */
export type Noticed =
  | Plain<PageEvent>
  | Engagement
  | Click
  | Download
  | Form
  | Search
  | Media
  | Plain<TrackEvent>
  | Plain<IdentifyEvent>
  | Plain<ConsentEvent>

/** The same, with the id by which it counts once, its time by the browser's clock, and its page view. */
export type WireEvent = Noticed & { readonly id: string; readonly at: number; readonly view: string }
