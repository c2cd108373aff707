/** How far audio and video were played. */
import type { Media } from './event.ts'
import { listen } from './listen.ts'
import { pathOf, tagOf } from './tag.ts'
import { clean } from './url.ts'

/** The share of it that was played, not where it stands: who skips to the end has not seen it. */
const percentOf = ({ played, duration }: HTMLMediaElement): number => {
  let seconds = 0
  for (let i = played.length; i--; ) seconds += played.end(i) - played.start(i)
  return (seconds / duration) * 100
}

/** Calls back once per source at half and near the end. What loops is decoration and does not count. */
export const onMedia = (callback: (media: Media) => void, root: EventTarget): void => {
  const seen = new Set<string>()
  const onProgress = (event: Event) => {
    const path = pathOf(event)
    const media = path[0] as HTMLMediaElement
    for (const percent of [50, 90]) {
      const key = percent + media.currentSrc
      if (media.loop || percentOf(media) < percent || seen.has(key)) continue
      seen.add(key)
      callback({
        type: 'media',
        name: media.title || media.id || clean(media.currentSrc)!,
        percent,
        ...tagOf(media, path),
      })
    }
  }
  listen('timeupdate', onProgress, root)
}
