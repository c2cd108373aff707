/** Something that is on or off. */

interface ToggleProps {
  readonly label: string
  readonly on: boolean
  readonly choose: (on: boolean) => void
}

export const Toggle = ({ label, on, choose }: ToggleProps) => (
  <label class="toggle">
    <input type="checkbox" checked={on} onChange={({ currentTarget }) => choose(currentTarget.checked)} />
    <span>{label}</span>
  </label>
)
