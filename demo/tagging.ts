/** Says, at the foot of each page, how that page is tagged; read from the page itself, so that it cannot be wrong. */

const ESCAPES: { readonly [char: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
export const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (char) => ESCAPES[char]!)

/** A tag of ours, or a download without one. */
const NOTED = /<(?:meta name="leadlight"|a(?=[^>]*\.pdf")|\w+(?=[^>]*\sdata-(?:funnel|signal|topic|identify)\b))[^>]*>/g
const CARRIES_PAGE = /^<(?:meta|html|body|main|article)\b/

const notedTags = (page: string): readonly string[] => (page.match(NOTED) ?? []).map((tag) => tag.replace(/\s+/g, ' '))

const attribute = (tag: string, name: string): string | undefined => new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1]

const funnelOf = (tag: string): string | undefined =>
  attribute(tag, 'data-funnel') ?? attribute(tag, 'content')?.split(' ')[0]
const signalOf = (tag: string): string | undefined =>
  attribute(tag, 'data-signal') ?? attribute(tag, 'content')?.split(' ')[1]

const name = (signal: string): string => `<code>${escapeHtml(signal)}</code>`

/** What a page is taken for that says no more than its funnel. */
const PAGES: { readonly [funnel: string]: string } = { tofu: 'tofu_page', mofu: 'mofu_page', bofu: 'pricing' }

const signalMeaning = (signal: string): string => {
  switch (signal) {
    case 'article':
    case 'tofu_page':
      return `It counts as ${name(signal)} once it has been read: 30 seconds, or half of the way down.`
    case 'pricing':
      return `Each view counts as ${name(signal)}: the first one a little, one in a later session much.`
    case 'careers':
      return `It counts as ${name(signal)}, which takes points away.`
    case 'login':
    case 'support':
      return `It is ${name(signal)}: no points, and not even a page view.`
    default:
      return `Each view counts as ${name(signal)}.`
  }
}

const pageMeaning = (tag: string): string => signalMeaning(signalOf(tag) ?? PAGES[funnelOf(tag) ?? '']!)

/** What an untagged download is taken for, by its funnel. */
const DOWNLOADS: { readonly [funnel: string]: string } = { tofu: 'resource', bofu: 'bofu_download' }

const elementMeaning = (tag: string): string => {
  const signal = signalOf(tag)
  if (tag.startsWith('<video'))
    return `Half of it watched is ${name(`${signal}_50`)}, most of it ${name(`${signal}_90`)}.`
  if (tag.startsWith('<form')) {
    const read = tag.includes(' data-identify')
      ? ' Name, e-mail, company and job title are read.'
      : ' No field is read.'
    if (signal === 'support') return 'A question to support scores nothing.'
    return `Submitting counts as ${name(signal ?? 'form_submit')}.${read}`
  }
  if (!/\/files\/|\/\/(?!cairnhold)/.test(tag))
    return 'A link to another page of the site: what counts is the page it opens.'
  return `A click counts as ${name(signal ?? DOWNLOADS[funnelOf(tag) ?? ''] ?? 'content_download')}.`
}

/** Our own attributes stand out, and are not broken at their hyphen. */
const code = (tag: string): string =>
  escapeHtml(tag).replace(
    /(?:data-(?:funnel|signal|topic|identify)|(?<=leadlight&quot; )content)(=&quot;.*?&quot;)?/g,
    '<b>$&</b>',
  )

const line = (tag: string, meaning: string): string => `<li><pre><code>${code(tag)}</code></pre><p>${meaning}</p></li>`

const untagged = ({ path, signal }: { readonly path?: string; readonly signal?: string } = {}): string =>
  path && signal
    ? `<p>The page carries no tag. The page rule ${name(path)} knows its address. ${signalMeaning(signal)}</p>`
    : '<p>The page carries no tag, and no page rule knows its address: it counts as a page view and no more.</p>'

const list = (tags: readonly string[], meaning: (tag: string) => string): string =>
  `<ul>${tags.map((tag) => line(tag, meaning(tag))).join('')}</ul>`

const RULE = /<!-- rule: (?<path>\S+) signal: (?<signal>\S+) -->/

/** The disclosure for `page`, as written in `demo/site`. A comment on top names the page rule that knows its address. */
export const tagging = (page: string): string => {
  const tags = notedTags(page)
  const own = tags.filter((tag) => CARRIES_PAGE.test(tag))
  const others = tags.filter((tag) => !CARRIES_PAGE.test(tag))
  return `<details id="tagging" class="tagging" data-ignore>
<summary>How this page is tagged</summary>
${own.length > 0 ? list(own, pageMeaning) : untagged(RULE.exec(page)?.groups)}
${others.length > 0 ? `<p>On the page:</p>${list(others, elementMeaning)}` : ''}
</details>`
}
