/** Light, dark, or as the system has it. */
import { t } from '../strings/language.ts'
import { chooseTheme, THEMES, theme } from '../theme.ts'

export const ThemeChoice = () => (
  <select
    class="theme"
    aria-label={t.theme.label}
    value={theme.value}
    onChange={({ currentTarget }) => chooseTheme(THEMES.find((name) => name === currentTarget.value) ?? 'auto')}
  >
    {THEMES.map((name) => (
      <option key={name} value={name}>
        {t.theme[name]}
      </option>
    ))}
  </select>
)
