/** The tags that developers put on elements, and the one rule by which they are found. */
import type { Tag } from './event.ts'
import type { Path } from './listen.ts'

/** Whether an element has a position or a signal of its own. What stands on the page's own elements is the page's. */
export const isTagged = (element: HTMLElement): boolean =>
  element.matches(':is([data-funnel],[data-signal]):not(html,body,main,article)')

const pick = ({ funnel, signal, topic }: DOMStringMap): Tag => ({ funnel: funnel as Tag['funnel'], signal, topic })

/** An element's own tags; only the topic is inherited. */
export const tagOf = (element: HTMLElement, path: Path): Tag =>
  pick({ ...element.dataset, topic: path.find(({ dataset }) => dataset.topic)?.dataset.topic })

/**
 * The page's tags, each from the most specific place that has it: `<meta name="leadlight" content="bofu pricing">`,
 * then `<main>`, the only `<article>` there is, `<body>`, `<html>`.
 */
export const pageTag = (): Tag => {
  const tag: DOMStringMap = {}
  for (const place of ['html', 'body', document.querySelectorAll('article')[1] ? 'html' : 'article', 'main']) {
    Object.assign(tag, document.querySelector<HTMLElement>(place)?.dataset)
  }
  for (const word of document.querySelector<HTMLMetaElement>('meta[name=leadlight]')?.content.split(' ') ?? []) {
    tag[/^.ofu$/.test(word) ? 'funnel' : 'signal'] = word
  }
  return pick(tag)
}
