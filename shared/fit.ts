/** Who they are, apart from what they did: a grade with reasons. What is unknown is left out, never counted as zero. */
import type { GRADES } from './answer.ts'
import type { Traits } from './event.ts'
import { fold } from './lexicon.ts'
import type { Criterion, Model } from './model.ts'

export type Grade = (typeof GRADES)[number]

export interface Fit {
  readonly grade: Grade
  /** Share of the known weight that matches, 0 to 100; undefined while nothing is known. */
  readonly percent: number | undefined
  readonly reasons: readonly string[]
  /** Set when they can never be a lead. */
  readonly disqualified: boolean
}

type Rules = Pick<Model, 'fit'>

/** Grades by the profile that fits best. `isFreeMail` tells a mailbox provider's domain from a company's. */
export const assessFit = (traits: Traits, { fit }: Rules, isFreeMail: (domain: string) => boolean): Fit => {
  const hard = hardReason(traits, { fit })
  if (hard) return { grade: 'D', percent: undefined, reasons: [hard.reason], disqualified: hard.disqualifies }
  const graded = fit.profiles.map(({ criteria }) => weigh(traits, criteria))
  const best = graded.toSorted((a, b) => rankOf(b, fit) - rankOf(a, fit) || b.percent - a.percent)[0]
  if (!best || best.known === 0) return { grade: '?', percent: undefined, reasons: [], disqualified: false }
  const free = isFreeMail(domainOf(traits))
  const percent = Math.max(0, best.percent - (free ? fit.freeMailPenalty : 0))
  const reasons = free ? [...best.reasons, 'free mail address'] : best.reasons
  return { grade: gradeOf(percent, best.known, fit), percent, reasons, disqualified: false }
}

/** The band of score, 1 (hottest) to 4, after the grade: `B2`. */
export const priorityOf = (grade: Grade, score: number): string =>
  `${grade}${score >= 75 ? 1 : score >= 50 ? 2 : score >= 25 ? 3 : 4}`

/** The domain of the e-mail trait, lower case; empty where there is none. */
export const domainOf = ({ email }: Traits): string =>
  typeof email === 'string' ? email.slice(email.lastIndexOf('@') + 1).toLowerCase() : ''

interface Weighed {
  readonly percent: number
  readonly known: number
  readonly reasons: readonly string[]
}

/** A profile of which too little is known says nothing, however well that little matches. */
const rankOf = ({ known }: Weighed, { minKnownWeight }: Model['fit']): number =>
  known === 0 ? 0 : known < minKnownWeight ? 1 : 2

const weigh = (traits: Traits, criteria: readonly Criterion[]): Weighed => {
  const known = criteria.flatMap((criterion) => {
    const match = matchOf(traits[criterion.trait], criterion)
    return match === undefined ? [] : [{ ...criterion, match }]
  })
  const weight = known.reduce((sum, { weight }) => sum + weight, 0)
  const matched = known.reduce((sum, { weight, match }) => sum + weight * match, 0)
  const reasons = known.map(
    ({ trait, match }) => `${trait}: ${match === 1 ? 'matches' : match ? 'in part' : 'no match'}`,
  )
  return { percent: weight ? (matched / weight) * 100 : 0, known: weight, reasons }
}

const gradeOf = (percent: number, known: number, { grades, minKnownWeight }: Model['fit']): Grade => {
  if (known < minKnownWeight) return '?'
  return percent >= grades.A ? 'A' : percent >= grades.B ? 'B' : percent >= grades.C ? 'C' : 'D'
}

/** 1, 0.5 or 0; undefined where the trait or the wish is not known. */
const matchOf = (value: unknown, { match, partial }: Criterion): number | undefined => {
  if (value === undefined || value === null || value === '' || match.length + partial.length === 0) return undefined
  if (match.some((wish) => meets(value, wish))) return 1
  return partial.some((wish) => meets(value, wish)) ? 0.5 : 0
}

const meets = (value: unknown, wish: string | readonly [number, number]): boolean => {
  if (typeof wish === 'string') return hasWords(fold(String(value)), fold(wish))
  const number = numberOf(value)
  return number !== undefined && number >= wish[0] && number <= wish[1]
}

/** Whether words occur as such: `us` in `US`, not in `Australia`. Scripts without spaces have no such bounds. */
const hasWords = (text: string, words: string): boolean => {
  for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1))
    if (!isLatin(text[at - 1]) && !isLatin(text[at + words.length])) return true
  return false
}
const isLatin = (letter: string | undefined): boolean => letter !== undefined && /[a-z0-9]/.test(letter)

/** `250`, `"1,000+"`, `"51-200"` (the middle). */
export const numberOf = (value: unknown): number | undefined => {
  if (typeof value === 'number') return value
  const found = (
    String(value)
      .replace(/(?<=\d)[,.' ](?=\d{3}\b)/g, '')
      .match(/\d+(?:\.\d+)?/g) ?? []
  ).map(Number)
  return found.length === 0 ? undefined : found.length === 1 ? found[0] : (found[0]! + found[1]!) / 2
}

const hardReason = (traits: Traits, { fit }: Rules): { reason: string; disqualifies: boolean } | undefined => {
  const domain = domainOf(traits)
  const within = (domains: readonly string[]) => domains.some((d) => domain === d || domain.endsWith(`.${d}`))
  const title = fold(String(traits.jobTitle ?? ''))
  const country = fold(String(traits.country ?? ''))
  if (within(fit.staffDomains)) return { reason: 'own staff', disqualifies: true }
  if (within(fit.competitorDomains)) return { reason: 'works for a competitor', disqualifies: true }
  if (title && fit.studentWords.some((word) => title.includes(fold(word))))
    return { reason: 'student', disqualifies: false }
  if (country && fit.excludedCountries.some((name) => fold(name) === country))
    return { reason: 'excluded country', disqualifies: true }
  return undefined
}
