/** The packet as people read it: a mail in HTML, or Markdown. What strangers wrote stays text in both. */
import type { Packet } from './packet.ts'

/** Writes of a packet one way. Every text that goes in is made inert first. */
interface Pen {
  readonly inert: (text: string) => string
  readonly title: (inert: string) => string
  readonly heading: (inert: string) => string
  readonly list: (inert: readonly string[]) => string
  readonly link: (address: string, inert: string) => string
  readonly strong: (inert: string) => string
  readonly page: (parts: readonly string[]) => string
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
export const inertHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign]!)

/** Every ASCII sign may stand behind a backslash, and means itself there: also those that make addresses into links. */
export const inertMarkdown = (text: string): string => text.replace(/[!-/:-@[-`{-~]/g, '\\$&')

const HTML: Pen = {
  inert: inertHtml,
  title: (text) => `<h1 style="font:600 22px sans-serif">${text}</h1>`,
  heading: (text) => `<h2 style="font:600 16px sans-serif;margin:20px 0 4px">${text}</h2>`,
  list: (items) => `<ul style="margin:0">${items.map((item) => `<li>${item}</li>`).join('')}</ul>`,
  link: (address, text) => `<p><a href="${inertHtml(address)}">${text}</a></p>`,
  strong: (text) => `<b>${text}</b>`,
  page: (parts) =>
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Lead</title></head><body style="font:14px/1.5 sans-serif;max-width:640px;margin:16px auto">${parts.join('\n')}</body></html>`,
}

const MARKDOWN: Pen = {
  inert: inertMarkdown,
  title: (text) => `# ${text}`,
  heading: (text) => `## ${text}`,
  list: (items) => items.map((item) => `- ${item}`).join('\n'),
  link: (address, text) => `[${text}](<${address.replace(/[<>\\\s]/g, '')}>)`,
  strong: (text) => `**${text}**`,
  page: (parts) => `${parts.join('\n\n')}\n`,
}

export const packetHtml = (packet: Packet): string => write(packet, HTML)
export const packetMarkdown = (packet: Packet): string => write(packet, MARKDOWN)

/** What to call them. */
export const titleOf = ({ who, id, account }: Packet): string =>
  [who.name ?? who.email ?? account ?? `visitor ${id.slice(0, 8)}`, who.company].filter(Boolean).join(', ')

const write = (packet: Packet, pen: Pen): string =>
  pen.page(
    [
      pen.title(pen.inert(`${packet.qualification.toUpperCase()} ${packet.priority}: ${titleOf(packet)}`)),
      packet.link === null ? '' : pen.link(packet.link, 'Open in Leadlight'),
      ...SECTIONS.map(([name, linesOf]) => section(pen, name, linesOf(packet))),
    ].filter((part) => part !== ''),
  )

type Line = string | readonly [label: string, text: string]

const section = (pen: Pen, name: string, lines: readonly Line[]): string => {
  const items = lines.map((line) =>
    typeof line === 'string' ? pen.inert(line) : `${pen.strong(pen.inert(line[0]))} ${pen.inert(line[1])}`,
  )
  return items.length === 0 ? '' : [pen.heading(name), pen.list(items)].join('\n\n')
}

const SECTIONS: readonly (readonly [string, (packet: Packet) => readonly Line[]])[] = [
  ['Why now', ({ whyNow }) => whyNow.map(readable)],
  [
    'Next step',
    ({ next, lastFeedback }) => [
      [next.content, next.why],
      ...(lastFeedback ? [`Last said of them: ${feedbackIn(lastFeedback)}`] : []),
    ],
  ],
  [
    'Who',
    ({ who, account, owner }) => [
      ...Object.entries(who),
      ...(account ? [['account', account] as const] : []),
      ...(owner ? [['owner', owner.name] as const] : []),
    ],
  ],
  ['Fit', ({ fit }) => [`${fit.grade}${fit.percent === null ? '' : `, ${fit.percent} %`}`, ...fit.reasons]],
  [
    'Score',
    ({ score, groups, stage, momentum }) => [
      `${score} of 100, ${momentum}, stage ${stage}`,
      Object.entries(groups)
        .map(([group, value]) => `${group} ${value}`)
        .join(' · '),
    ],
  ],
  [
    'What carries it',
    ({ contributions }) =>
      contributions.map(({ signal, value, times }) => [signal, `${value} points, ${counted(times)}`] as const),
  ],
  [
    'What they read',
    ({ content }) =>
      content.map(
        ({ title, url, times, seconds }) =>
          [
            title || url,
            [counted(times), ...(seconds ? [`${seconds} s`] : []), ...(title && url ? [url] : [])].join(', '),
          ] as const,
      ),
  ],
  [
    'Their way',
    ({ path }) => path.map(({ at, to, rule, by }) => [to, `${minute(at)}: ${rule}${by ? ` (${by})` : ''}`] as const),
  ],
  ['They searched for', ({ searches }) => searches.map(({ query, times }) => `${query} (${counted(times)})`)],
  ['Topics', ({ topics }) => topics.map(({ topic, value }) => `${topic} (${value})`)],
  [
    'Came from',
    ({ sources: { first, last } }) => [
      ...(first ? [['first', touchIn(first)] as const] : []),
      ...(last ? [['last', touchIn(last)] as const] : []),
    ],
  ],
  ['Consent', ({ consent }) => [consent ?? 'not asked']],
]

const feedbackIn = ({ verdict, reason, at }: NonNullable<Packet['lastFeedback']>): string =>
  `${verdict}${reason ? `, ${reason}` : ''} (${minute(at)})`

const touchIn = ({ at, medium, source, campaign, landing }: NonNullable<Packet['sources']['first']>): string =>
  [medium, source, campaign, landing]
    .filter(Boolean)
    .join(' · ')
    .concat(` (${minute(at)})`)

const counted = (times: number): string => (times === 1 ? 'once' : `${times} times`)
const minute = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`
/** Instants within sentences of our own. */
export const readable = (text: string): string =>
  text.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, (iso) => minute(iso))
