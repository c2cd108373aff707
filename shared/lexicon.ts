/** Reads search words: which stage of the funnel they speak of. Case- and accent-folded, word-bounded, lightly stemmed. */
import type { Model } from './model.ts'

export type SearchClass = 'tofu' | 'mofu' | 'bofu' | 'transactional'

/** Longest text that is read; more is no search. */
const LONGEST = 500
const VERSUS = new Set(['vs', 'versus'])

interface Term {
  readonly stems: readonly string[]
  readonly means: SearchClass
  readonly ambiguous: boolean
}

/** Compiles the lexicons into a reader. Answers undefined where no word is known. The highest lexicon wins. */
export const createLexicon = ({ lexicons }: Pick<Model, 'lexicons'>): ((text: string) => SearchClass | undefined) => {
  const ambiguous = new Set(lexicons.ambiguous.map((word) => stemsOf(word).join(' ')))
  const terms: readonly Term[] = (['transactional', 'bofu', 'mofu', 'tofu'] as const).flatMap((means) =>
    lexicons[means].map((term) => {
      const stems = stemsOf(term)
      return { stems, means, ambiguous: ambiguous.has(stems.join(' ')) }
    }),
  )
  const brands = [...lexicons.brands, ...lexicons.competitors].map(stemsOf)
  const support = lexicons.support.map(stemsOf)

  return (text) => {
    const words = stemsOf(text.slice(0, LONGEST))
    const branded = brands.some((brand) => occurs(brand, words))
    const supported = support.some((phrase) => occurs(phrase, words))
    const hit = terms.find(({ stems, ambiguous }) => occurs(stems, words) && !(ambiguous && supported))
    const means = hit && isVersus(hit) && !branded ? 'mofu' : hit?.means
    return branded && means !== 'transactional' ? 'bofu' : means
  }
}

/** Lower case without accents. */
export const fold = (text: string): string =>
  (isPlain(text) ? text : text.normalize('NFKD').replace(/\p{M}/gu, '')).toLowerCase()

/** Nothing in it has an accent: most addresses and titles are spared the search for one. */
const isPlain = (text: string): boolean => /^[\x20-\x7e]*$/.test(text)

const isVersus = ({ stems }: Term): boolean => stems.length === 1 && VERSUS.has(stems[0]!)

const stemsOf = (text: string): readonly string[] => (fold(text).match(/[\p{L}\p{N}]+/gu) ?? []).map(stem)

/** improve, improves, improved, improving: one stem. Too short a rest is left alone, so that `red` stays `red`. */
const stem = (word: string): string => (VERSUS.has(word) ? word : word.replace(/(?<=.{3})(?:ing|ed|es|e|s)$/, ''))

const occurs = (phrase: readonly string[], words: readonly string[]): boolean =>
  phrase.length > 0 && words.some((_, start) => phrase.every((stem, i) => words[start + i] === stem))
