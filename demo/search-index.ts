/** What the on-site search looks through. */

export interface Findable {
  readonly url: string
  readonly title: string
  readonly about: string
  readonly text: string
}

const text = (html: string): string =>
  html
    .replace(/<(svg|script|style)[\s\S]*?<\/\1>/g, ' ')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')
    .trim()

const between = (html: string, pattern: RegExp): string => text(pattern.exec(html)?.[1] ?? '')

/** Every page but those that ask robots not to index them. */
export const searchIndex = (pages: ReadonlyMap<string, string>): readonly Findable[] =>
  [...pages]
    .filter(([, html]) => !html.includes('content="noindex"'))
    .map(([path, html]) => ({
      url: `/demo${path}`,
      title: between(html, /<h1[^>]*>([\s\S]*?)<\/h1>/),
      about: between(html, /<meta name="description" content="([^"]*)"/),
      text: between(html, /<main[^>]*>([\s\S]*)<\/main>/),
    }))
