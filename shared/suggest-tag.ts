/** What tag an untagged page might carry: by the words of its address, else by what those do who have seen it. */
import type { ContentReport } from './answer-reports.ts'
import type { Funnel } from './event.ts'
import { createLexicon } from './lexicon.ts'
import type { Model } from './model.ts'

type Suggestion = ContentReport['untagged'][number]['suggestion']

const SEARCHED: Readonly<Record<string, Funnel>> = { tofu: 'tofu', mofu: 'mofu', bofu: 'bofu', transactional: 'bofu' }
/** A page from which people move on so many times as often as others says more than an article does. */
const TELLING = 1.5

/** The longest word of a rule's path: `/case-stud*` is known by `case-stud`. */
const wordOf = (path: string): string =>
  path
    .split(/[/$*]+/)
    .reduce((a, b) => (b.length > a.length ? b : a), '')
    .toLowerCase()

/** `lift`: how many times as often as the average those moved on who saw it; 0 where too few did. */
export const createSuggest = (model: Model): ((path: string, lift: number) => Suggestion) => {
  const classOf = createLexicon(model)
  const rules = model.pageRules
    .map((rule) => ({ ...rule, word: wordOf(rule.path) }))
    .filter(({ word, funnel }) => word.length >= 4 && funnel !== undefined)
  return (path, lift) => {
    const rule = rules.find(({ word }) => path.includes(word))
    if (rule)
      return { funnel: rule.funnel!, signal: rule.signal ?? null, why: `its address has the word “${rule.word}”` }
    const means = classOf(path.replace(/[^\p{L}\p{N}]+/gu, ' '))
    if (means) return { funnel: SEARCHED[means]!, signal: null, why: `its address reads like a ${means} search` }
    if (lift >= TELLING)
      return { funnel: 'mofu', signal: null, why: `who saw it moved on ${lift.toFixed(1)} times as often as others` }
    return { funnel: 'tofu', signal: null, why: 'nothing tells more of it than that it is read' }
  }
}
