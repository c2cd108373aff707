/** The head of a report: what it is, which days, and what it is held against. */
import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { t } from '../strings/language.ts'
import { PeriodPicker } from './period-picker.tsx'

interface ReportHeadProps {
  readonly title: string
  readonly lead: string
  readonly children?: ComponentChildren
}

export const useTitle = (title: string): void =>
  useEffect(() => {
    document.title = `${title} · ${t.brand}`
  }, [title])

export const ReportHead = ({ title, lead, children }: ReportHeadProps) => {
  useTitle(title)
  return (
    <div class="head">
      <div>
        <h1>{title}</h1>
        <p>{lead}</p>
      </div>
      <div class="period">
        <PeriodPicker />
        {children}
      </div>
    </div>
  )
}
