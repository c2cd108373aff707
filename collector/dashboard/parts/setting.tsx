/** One figure of the model: read as it is, changed where somebody edits. */
import { plainNumber } from '../figures.ts'
import { edit, editing, edits } from '../state/model-edit.ts'

interface SettingProps {
  /** Where it stands in the document: `signals.pricing.points`. */
  readonly path: string
  readonly value: number
  /** What it is, for those who do not see where it stands. */
  readonly label: string
}

export const Setting = ({ path, value, label }: SettingProps) => {
  const changed = edits.value.get(path)
  if (!editing.value) return <b class="setting">{plainNumber(value)}</b>
  return (
    <input
      class={changed === undefined ? 'setting' : 'setting changed'}
      type="number"
      step="any"
      aria-label={label}
      value={String(changed ?? value)}
      onInput={({ currentTarget }) => edit(path, currentTarget.valueAsNumber, value)}
    />
  )
}
