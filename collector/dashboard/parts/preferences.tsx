/** How the page looks and speaks: a small sheet that opens from the bar. */
import { chooseNotice, chooseSound, isNoticeRefused, notice, sound } from '../state/alerts.ts'
import { chooseLanguage, LANGUAGES, language, t } from '../strings/language.ts'
import { chooseTheme, THEMES, theme } from '../theme.ts'
import { Choice } from './choice.tsx'
import { Toggle } from './toggle.tsx'

export const Preferences = () => (
  <>
    <button type="button" class="small" popovertarget="preferences" aria-label={t.preferences.title}>
      <svg class="gear" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        <path d="M2 4h7m4 0h1M2 8h2m4 0h6M2 12h6m4 0h2" />
        <circle cx="11" cy="4" r="1.8" />
        <circle cx="6" cy="8" r="1.8" />
        <circle cx="10" cy="12" r="1.8" />
      </svg>
    </button>
    <section id="preferences" class="sheet" popover="auto" aria-label={t.preferences.title}>
      <h2>{t.preferences.title}</h2>
      <Choice
        label={t.theme.label}
        value={theme.value}
        options={THEMES.map((name) => [name, t.theme[name]] as const)}
        choose={(name) => chooseTheme(THEMES.find((known) => known === name) ?? 'auto')}
      />
      <Choice
        label={t.preferences.language}
        value={language}
        options={Object.entries(LANGUAGES)}
        choose={chooseLanguage}
      />
      <h3>{t.alerts.heading}</h3>
      <Toggle label={t.alerts.sound} on={sound.value} choose={chooseSound} />
      <Toggle label={t.alerts.notice} on={notice.value} choose={(on) => void chooseNotice(on)} />
      {isNoticeRefused.value && <p class="soft">{t.alerts.refused}</p>}
    </section>
  </>
)
