/** Which language the page speaks. Another one is a file like en.ts and a line in `LANGUAGES`. */
import { en } from './en.ts'

/** What every language has to say: the keys of English. */
export type Strings = typeof en

const LANGUAGES: Readonly<Record<string, Strings>> = { en }

const wanted = typeof navigator === 'undefined' ? ['en'] : navigator.languages
const found = wanted.find((tag) => tag.slice(0, 2) in LANGUAGES) ?? 'en'

export const language = found.slice(0, 2)
/** For dates and numbers: the reader's own region, where it goes with the language. */
export const locale = found
export const t: Strings = LANGUAGES[language] ?? en
