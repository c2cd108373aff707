/** Light or dark: as the system has it, until the reader chooses. */
import { signal } from '@preact/signals'

export const THEMES = ['auto', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

const KEY = 'leadlight-theme'

export const theme = signal<Theme>('auto')

const apply = (wanted: Theme): void => {
  theme.value = wanted
  document.documentElement.style.colorScheme = wanted === 'auto' ? 'light dark' : wanted
}

/** Storage can be forbidden; then the choice lasts as long as the page. */
const stored = (): string | null => {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null
  }
}

export const startTheme = (): void => apply(THEMES.find((name) => name === stored()) ?? 'auto')

export const chooseTheme = (wanted: Theme): void => {
  apply(wanted)
  try {
    localStorage.setItem(KEY, wanted)
  } catch {
    // see stored()
  }
}
