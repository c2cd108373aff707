/** What is listened to, and who hears it. */
import { onClick } from './click.ts'
import { deepen } from './engagement.ts'
import { onFormdata, onInput, onInvalid, onPress, onSubmit } from './form.ts'
import type { Sensors } from './listen.ts'
import { onProgress } from './media.ts'
import { take } from './queue.ts'
import { end, leave, live, look, view } from './visit.ts'

export const sensors: Sensors = {
  pointermove: live,
  focus: live,
  blur: live,
  keydown: (event: KeyboardEvent) => {
    live()
    if (event.key === 'Enter') onPress(event)
  },
  // The page, or what fills it in its stead; a carousel that moves by itself is no sign of life.
  scroll: ({ target }: Event) => {
    const box = (target as Document).scrollingElement ?? (target as HTMLElement)
    if (box.clientHeight * 2 < innerHeight) return
    deepen((100 * (box.scrollTop + box.clientHeight)) / box.scrollHeight)
    live()
  },
  timeupdate: onProgress,
  click: (event: MouseEvent) => {
    onPress(event)
    onClick(event)
  },
  auxclick: onClick,
  input: onInput,
  invalid: onInvalid,
  submit: onSubmit,
  formdata: onFormdata,
  currententrychange: ({ navigationType }: NavigationCurrentEntryChangeEvent) => look(navigationType),
  pageshow: ({ persisted }: PageTransitionEvent) => {
    if (persisted) view()
  },
  // Once a page is hidden nothing that follows is certain.
  visibilitychange: () => {
    live()
    if (document.hidden) end()
  },
  pagehide: leave,
  online: take,
}
