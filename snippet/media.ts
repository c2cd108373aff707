/** How far audio and video were played. */
import type { Media } from './event.ts'
import { listen } from './listen.ts'
import { tagOf } from './tag.ts'
import { clean } from './url.ts'

/** Calls back once per source at half and near the end. What loops is decoration and does not count. */
export const onMedia = (callback: (media: Media) => void): void => {
  const seen = new Set<string>()
  listen('timeupdate', (_event, path) => {
    const media = path[0] as HTMLMediaElement
    for (const percent of [50, 90]) {
      const key = percent + media.currentSrc
      if (media.loop || media.currentTime / media.duration < percent / 100 || seen.has(key)) continue
      seen.add(key)
      callback({
        type: 'media',
        name: media.title || media.id || clean(media.currentSrc),
        percent,
        ...tagOf(media, path),
      })
    }
  })
}
