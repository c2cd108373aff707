/** Several lines to fill in, with their name and a word of help. */

interface AreaProps {
  readonly name: string
  readonly label: string
  readonly help?: string | undefined
  readonly value?: string | undefined
  readonly required?: boolean
}

export const Area = ({ name, label, help, value = '', required = false }: AreaProps) => (
  <label class="field">
    <span>{label}</span>
    <textarea name={name} rows={4} spellcheck={false} required={required} defaultValue={value} />
    {help && <small class="soft">{help}</small>}
  </label>
)
