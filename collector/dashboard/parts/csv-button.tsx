/** Saves the table beside it as a file for a spreadsheet. */
import type { RefObject } from 'preact'
import { csvOf, rowsOf, saveText } from '../csv.ts'
import { t } from '../strings/language.ts'

interface CsvButtonProps {
  /** What holds the table. */
  readonly of: RefObject<HTMLElement | null>
  readonly title: string
}

/** Letters and digits of any script, and hyphens for the rest. */
const fileName = (title: string): string => `${title.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '')}.csv`

export const CsvButton = ({ of, title }: CsvButtonProps) => {
  const save = (): void => {
    const table = of.current?.querySelector('table')
    if (table) saveText(fileName(title), csvOf(rowsOf(table)))
  }
  return (
    <button type="button" class="csv" onClick={save} aria-label={t.csv.of(title)} title={t.csv.of(title)}>
      CSV
    </button>
  )
}
