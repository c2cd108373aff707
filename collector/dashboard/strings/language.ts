/** Which language the page speaks: the reader's choice, else the browser's. English comes with the page, others on demand. */
import { en, type Strings } from './en.ts'

/** Each by its own name. */
export const LANGUAGES = {
  en: 'English',
  de: 'Deutsch',
  fr: 'Français',
  es: 'Español',
  pt: 'Português',
  ja: '日本語',
} as const
export type Language = keyof typeof LANGUAGES

const LOADERS: Readonly<Partial<Record<Language, () => Promise<Strings>>>> = {
  de: async () => (await import('./de.ts')).de,
  fr: async () => (await import('./fr.ts')).fr,
  es: async () => (await import('./es.ts')).es,
  pt: async () => (await import('./pt.ts')).pt,
  ja: async () => (await import('./ja.ts')).ja,
}

const KEY = 'leadlight-language'
const isLanguage = (name: string | null | undefined): name is Language => Object.hasOwn(LANGUAGES, name ?? '')

/** A machine without a locale of its own makes Chromium say `en-US@posix`, which is no language tag. */
const isTag = (tag: string): boolean => {
  try {
    return Intl.getCanonicalLocales(tag).length > 0
  } catch {
    return false
  }
}

/** Storage can be forbidden; then the browser decides. */
const stored = (): string | null => {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null
  }
}

const wanted = (typeof navigator === 'undefined' ? ['en'] : navigator.languages).filter(isTag)
const chosen = stored()
export const language: Language = isLanguage(chosen)
  ? chosen
  : (wanted.map((tag) => tag.slice(0, 2)).find(isLanguage) ?? 'en')

/** For dates and numbers: the reader's own region, where it goes with the language. */
export const locale = wanted.find((tag) => tag.slice(0, 2) === language) ?? language

const load = async (): Promise<Strings> => {
  // Without its file, as after an update of the collector, the page still speaks.
  return LOADERS[language]?.().catch(() => en) ?? en
}
export const t: Strings = await load()

/** The page is drawn anew in it: every word of it changes. */
export const chooseLanguage = (name: string): void => {
  if (!isLanguage(name) || name === language) return
  try {
    localStorage.setItem(KEY, name)
  } catch {
    return
  }
  location.reload()
}
