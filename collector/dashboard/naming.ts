/** Keys of the API in plain words; what has no word of its own is made readable. */
import { t } from './strings/language.ts'

/** `web_summit-2026` as `Web summit 2026`. */
export const humanise = (key: string): string => {
  const words = key
    .replace(/[_-]+/g, ' ')
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .trim()
    .toLowerCase()
  return words ? words[0]!.toUpperCase() + words.slice(1) : t.none
}

// hasOwn, so that a visitor's `constructor` finds no word that nobody wrote
const named =
  (names: Readonly<Record<string, string>>) =>
  (key: string): string =>
    Object.hasOwn(names, key) ? names[key]! : humanise(key)

export const signalName = named(t.signals)
export const stageName = named(t.stages)
export const flagName = named(t.flags)
export const mediumName = named(t.media)
export const verdictName = named(t.verdicts)
export const traitName = named(t.traits)
export const qualificationName = (key: string): string =>
  Object.hasOwn(t.qualifications, key) ? t.qualifications[key as keyof typeof t.qualifications].short : humanise(key)
