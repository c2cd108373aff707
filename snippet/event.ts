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
export type Form = Plain<FormEvent>

/** One thing a visitor did, as its sensor tells it. `outbound`: the link leads to another site. */
export type Noticed =
  | Plain<PageEvent>
  | Engagement
  | (Plain<ClickEvent | DownloadEvent> & { readonly outbound?: boolean })
  | Form
  | Plain<SearchEvent>
  | Plain<MediaEvent>
  | Plain<TrackEvent>
  | Plain<IdentifyEvent>
  | Plain<ConsentEvent>
