/** Which language the page speaks. Another one is a file like en.ts and a line in `LANGUAGES`. */
import { en } from './en.ts'

/** What every language has to say: the keys of English. */
export type Strings = typeof en

const LANGUAGES: Readonly<Record<string, Strings>> = { en }

/** A machine without a locale of its own makes Chromium say `en-US@posix`, which is no language tag. */
const isTag = (tag: string): boolean => {
  try {
    return Intl.getCanonicalLocales(tag).length > 0
  } catch {
    return false
  }
}
const wanted = (typeof navigator === 'undefined' ? ['en'] : navigator.languages).filter(isTag)
const found = wanted.find((tag) => tag.slice(0, 2) in LANGUAGES) ?? 'en'

export const language = found.slice(0, 2)
/** For dates and numbers: the reader's own region, where it goes with the language. */
export const locale = found
export const t: Strings = LANGUAGES[language] ?? en
