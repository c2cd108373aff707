/** The tags that developers put on elements, and the one rule by which they are found. */
import type { Tag } from './event.ts'
import { path } from './listen.ts'

/**
 * Whether an element is tagged for what is done with it. What stands on the page's own elements is the page's; of a
 * section, form or video it is not the click that counts.
 */
export const isTagged = (element: HTMLElement): boolean =>
  element.matches(':is([data-funnel],[data-signal]):not(html,body,main,article,section,form,video)')

type Place = Pick<HTMLElement, 'dataset'>

/** An element's own tags; only the topic is inherited, by default from what the event under way went through. */
export const tagOf = ({ dataset: { funnel, signal } }: Place, among: readonly Place[] = path): Tag => ({
  funnel: funnel as Tag['funnel'],
  signal,
  topic: among.find(({ dataset }) => dataset.topic)?.dataset.topic,
})

/**
 * The page's tags, each from the most specific place that has it: `<meta name="leadlight" content="bofu pricing">`,
 * then `<main>` and the only `<article>` there is, `<body>`, `<html>`.
 */
export const pageTag = (): Tag => {
  const dataset: DOMStringMap = {}
  const article = document.querySelectorAll('article')[1] ? '' : ',article'
  for (const place of document.querySelectorAll<HTMLElement>(`html,body,main${article}`)) {
    Object.assign(dataset, place.dataset)
  }
  document.querySelector<HTMLMetaElement>('meta[name=leadlight]')?.content.replace(/\S+/g, (word) => {
    dataset[/^.ofu$/.test(word) ? 'funnel' : 'signal'] = word
    return ''
  })
  return tagOf({ dataset }, [{ dataset }])
}
