/** One line or number to fill in, with its name and a word of help. */

interface FieldProps {
  readonly name: string
  readonly label: string
  readonly help?: string | undefined
  readonly type?: 'text' | 'number' | 'search' | 'url' | 'password'
  readonly value?: string | number | undefined
  readonly placeholder?: string
  readonly min?: string
  readonly max?: string
  readonly step?: string
  readonly pattern?: string
  readonly maxLength?: number
  readonly required?: boolean
  readonly say?: (value: string) => void
}

export const Field = ({ label, help, say, type = 'text', value, ...rest }: FieldProps) => (
  <label class="field">
    <span>{label}</span>
    <input
      {...rest}
      // One of several kinds: the types of Preact want to know which.
      type={type as 'text'}
      {...(value !== undefined && { value: String(value) })}
      autocomplete="off"
      onInput={({ currentTarget }) => say?.(currentTarget.value)}
    />
    {help && <small class="soft">{help}</small>}
  </label>
)
