/** A qualification by its short name; what it stands for on hover and for those who listen. */
import type { Qualification } from '../scale.ts'
import { t } from '../strings/language.ts'

export const QualificationChip = ({ qualification }: { qualification: Qualification }) => {
  const { short, long } = t.qualifications[qualification]
  return (
    <abbr class={`qualification ${qualification}`} title={long}>
      {short}
    </abbr>
  )
}
