/** One of few in a form, with its name. */

interface SelectProps {
  readonly name: string
  readonly label: string
  readonly value?: string | undefined
  readonly options: readonly (readonly [value: string, label: string])[]
  readonly say?: (value: string) => void
}

export const Select = ({ name, label, value, options, say }: SelectProps) => (
  <label class="field">
    <span>{label}</span>
    <select name={name} onChange={({ currentTarget }) => say?.(currentTarget.value)}>
      {options.map(([key, words]) => (
        <option key={key} value={key} selected={key === value}>
          {words}
        </option>
      ))}
    </select>
  </label>
)
