/** Forms: begun, sent, given up. Never what was typed into them, but for what trait.ts lets through. */
import type { Form, Search, Tag } from './event.ts'
import { listen } from './listen.ts'
import { searchNames } from './search.ts'
import { isTagged, tagOf } from './tag.ts'
import { type Field, isPassword, traitsOf } from './trait.ts'

/** What is remembered of a form that was touched. */
interface Filling {
  readonly form: HTMLElement
  readonly tag: Tag
  step?: Form['step']
  /** The name of the last field touched. */
  field?: string
  /** How many fields were called invalid. */
  errors?: number
  /** Whether the last thing done in it was typing. */
  isTyping?: boolean
  /** When it was asked for its data without being sent. */
  askedAt?: number
}

const fillings = new Map<HTMLElement, Filling>()
let onTell: (told: Form | Search) => void

const tell = (filling: Filling, step: Form['step']): void => {
  /** Fields that can hold something of the visitor's. */
  const FIELDS = ':is(:read-write,input:checked,select):not([data-ignore],[data-ignore] *)'
  const { form, tag } = filling
  if (filling.step === step) return
  filling.step = step
  const fields = [...form.querySelectorAll<Field>(FIELDS)]
  const search = fields.find((field) => field.type === 'search' || form.matches('[role=search]'))
  onTell({
    type: 'form',
    // `form.name` would be the field of that name.
    form: form.getAttribute('name') || form.getAttribute('id') || tag.signal || '',
    step,
    filled: fields.filter((field) => field.value).length,
    errors: filling.errors,
    field: filling.field,
    // All fields are looked at, so that what is a password now is known as one later.
    purpose: search ? 'search' : fields.filter(isPassword)[0] && !isTagged(form) ? 'login' : undefined,
    traits: step === 'submit' ? traitsOf(fields, form.matches('[data-identify]')) : undefined,
    ...tag,
  })
  if (step === 'submit' && search?.value && !searchNames().includes(search.name)) {
    onTell({ type: 'search', query: search.value.slice(0, 200), ...tag })
  }
}

/** The page is left: what was begun is given up. */
export const giveUp = (): void => {
  /** Milliseconds in which a form that was asked for its data may have taken the visitor to the next page. */
  const LEAVING = 5000
  for (const filling of fillings.values()) {
    if (filling.step === 'start') tell(filling, Date.now() - filling.askedAt! < LEAVING ? 'submit' : 'abandon')
  }
  fillings.clear()
}

export const onForm = (callback: (told: Form | Search) => void): void => {
  onTell = callback
  listen<KeyboardEvent>('input click keydown submit formdata invalid', ({ type, key }, path) => {
    // A real form, or what is tagged like one.
    const form = path.find((element) => element.matches('form')) ?? path.find(isTagged)
    if (!form || (key && key !== 'Enter')) return
    const filling: Filling = fillings.get(form) ?? { form, tag: tagOf(form, path) }
    fillings.set(form, filling)
    if (type === 'input') {
      tell(filling, 'start')
      filling.field = (path[0] as Field).name || path[0]!.id
      filling.isTyping = true
    } else if (type === 'invalid') filling.errors = (filling.errors ?? 0) + 1
    // `formdata` is all there is of `form.submit()`. A form that saves itself while one types asks for its data too.
    else if (type === 'formdata' && filling.isTyping) filling.askedAt = Date.now()
    else {
      filling.isTyping = false
      const isAct = type === 'submit' || type === 'formdata'
      // Where there is no form to be submitted, a button does it, or Enter in a field.
      const isLike =
        filling.step === 'start' &&
        !form.matches('form') &&
        (key || path.some((element) => element.matches('button,[type=button]')))
      if (isAct || isLike) tell(filling, 'submit')
    }
  })
}
