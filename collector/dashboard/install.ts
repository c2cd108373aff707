/** The tag as each platform takes it. */
import type { Site } from './api.ts'

export const PLATFORMS = ['html', 'gtm', 'wordpress', 'nextjs'] as const
export type Platform = (typeof PLATFORMS)[number]

/** `origin` is where the collector answers. */
export const tagOn = (platform: Platform, { key }: Pick<Site, 'key'>, origin: string): string => {
  const source = `${origin}/leadlight.js`
  if (platform === 'html') return `<script defer src="${source}" data-site="${key}"></script>`
  // Tag managers drop attributes that they do not know: the key goes into the address.
  if (platform === 'gtm') return `<script async src="${source}?site=${key}"></script>`
  if (platform === 'wordpress')
    return [
      "add_action('wp_head', function () {",
      `  echo '<script defer src="${source}" data-site="${key}"></script>';`,
      '});',
    ].join('\n')
  return [
    "import Script from 'next/script'",
    '',
    `<Script src="${source}" data-site="${key}" strategy="afterInteractive" />`,
  ].join('\n')
}
