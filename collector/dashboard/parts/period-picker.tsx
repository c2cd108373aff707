/** Which days a report is about: a usual stretch, or two days of one's own. */
import { useState } from 'preact/hooks'
import { place } from '../router.ts'
import { daysOf, PERIODS, type Period, type Scope, scopedHref, scopeOf } from '../state/scope.ts'
import { t } from '../strings/language.ts'

const rest = (): readonly (readonly [string, string])[] =>
  [...place.value.query].filter(([key]) => !['site', 'period', 'from', 'to'].includes(key))

const goTo = (scope: Scope): void => {
  location.hash = scopedHref(place.value.path, scope, rest())
}

const OwnDays = ({ scope, now }: { scope: Scope; now: number }) => {
  const { from, to } = daysOf(scope, now)
  const choose = (some: { from?: string; to?: string }): void => {
    const days = { from, to, ...some }
    if (days.from && days.to && days.from <= days.to) goTo({ ...scope, period: 'custom', ...days })
  }
  return (
    <>
      <label>
        <span>{t.scope.from}</span>
        <input
          type="date"
          value={from}
          max={to}
          onChange={({ currentTarget }) => choose({ from: currentTarget.value })}
        />
      </label>
      <label>
        <span>{t.scope.to}</span>
        <input
          type="date"
          value={to}
          min={from}
          onChange={({ currentTarget }) => choose({ to: currentTarget.value })}
        />
      </label>
    </>
  )
}

export const PeriodPicker = () => {
  const scope = scopeOf(place.value.query)
  const [opened, setOpened] = useState(false)
  const own = opened || scope.period === 'custom'
  const choose = (period: Period): void => {
    setOpened(period === 'custom')
    if (period !== 'custom') goTo({ ...scope, period, from: '', to: '' })
  }
  return (
    <form class="period" aria-label={t.scope.period} onSubmit={(event) => event.preventDefault()}>
      <label>
        <span>{t.scope.period}</span>
        <select
          value={own ? 'custom' : scope.period}
          onChange={({ currentTarget }) => choose(currentTarget.value as Period)}
        >
          {Object.entries(PERIODS).map(([period, days]) => (
            <option key={period} value={period}>
              {t.scope.days(days)}
            </option>
          ))}
          <option value="custom">{t.scope.own}</option>
        </select>
      </label>
      {own && <OwnDays scope={scope} now={Date.now()} />}
    </form>
  )
}
