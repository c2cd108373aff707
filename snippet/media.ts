/** How far audio and video were played. */
import { record } from './record.ts'
import { tagOf } from './tag.ts'
import { clean } from './url.ts'
import { live } from './visit.ts'

const seen = new Set<string>()

/** Tells once per source that half was played, and nearly all. What loops is decoration and does not count. */
export const onProgress = ({ target: media }: { readonly target: HTMLMediaElement }): void => {
  // Nor is it a sign of life.
  if (media.loop) return
  live()
  for (const percent of [50, 90]) {
    const key = percent + media.currentSrc
    if (!((100 * media.currentTime) / media.duration >= percent) || seen.has(key)) continue
    seen.add(key)
    record({
      type: 'media',
      name: media.title || media.id || clean(media.currentSrc) || '',
      percent,
      ...tagOf(media),
    })
  }
}
