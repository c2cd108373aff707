/** A labelled choice of one among few. */
import { t } from '../strings/language.ts'

interface ChoiceProps {
  readonly label: string
  readonly value: string
  readonly options: readonly (readonly [value: string, label: string])[]
  /** Whether an empty choice stands for all. */
  readonly all?: boolean
  readonly choose: (value: string) => void
}

export const Choice = ({ label, value, options, all, choose }: ChoiceProps) => (
  <label>
    <span>{label}</span>
    <select value={value} onChange={({ currentTarget }) => choose(currentTarget.value)}>
      {all && <option value="">{t.filter.all}</option>}
      {options.map(([key, name]) => (
        <option key={key} value={key}>
          {name}
        </option>
      ))}
    </select>
  </label>
)
