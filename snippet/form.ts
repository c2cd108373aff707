/** Forms: begun, sent, given up. Never what was typed into them, but for what trait.ts lets through. */
import type { Form, Search, Tag } from './event.ts'
import { listen } from './listen.ts'
import { isTagged, pathOf, tagOf } from './tag.ts'
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
  /** When it was asked for its data without being sent. */
  askedAt?: number
}

/** Milliseconds in which a form that was asked for its data may have taken the visitor to the next page. */
const LEAVING = 5000

/** Returns what listens where submissions of a shadow root are heard, and what gives up the forms of a page that is left. */
export const onForm = (
  /** Whether a query parameter of that name is read as a search from the address of the next page. */
  isInAddress: (name: string) => boolean,
  callback: (form: Form | Search) => void,
): readonly [hear: (root: EventTarget) => void, giveUp: () => void] => {
  const fillings = new Map<HTMLElement, Filling>()
  let isTyping = false

  /** The form that something happened in: a real one, or what is tagged like one. */
  const fillingOf = (event: Event): Filling | undefined => {
    const path = pathOf(event)
    const form = (path[0] as Field)?.form ?? path.find((element) => element.matches('form')) ?? path.find(isTagged)
    if (form && !fillings.has(form)) fillings.set(form, { form, tag: tagOf(form, path) })
    return form && fillings.get(form)
  }
  const tell = (filling: Filling, step: Form['step']): void => {
    const { form, tag, field, errors } = filling
    const all = (form as HTMLFormElement).elements ?? form.querySelectorAll('input,select,textarea')
    const fields = ([...all] as Field[]).filter((field) => !field.closest('[data-ignore]'))
    const search =
      fields.find((field) => field.type === 'search') ?? (form.matches('[role=search]') ? fields[0] : undefined)
    // All of them are looked at, so that what is a password now is known as one later.
    const isLogin = fields.filter(isPassword)[0] && !isTagged(form)
    const isSubmit = step === 'submit'
    filling.step = step
    callback({
      type: 'form',
      // `form.name` would be the field of that name.
      form: form.getAttribute('name') || form.getAttribute('id') || form.ariaLabel || tag.signal || '',
      step,
      filled: fields.filter((field) => field.value && field.matches(':read-write,:checked,select')).length,
      errors,
      field,
      purpose: search ? 'search' : isLogin ? 'login' : undefined,
      traits: isSubmit ? traitsOf(fields, form.matches('[data-identify]')) : undefined,
      ...tag,
    })
    if (isSubmit && search?.value && !isInAddress(search.name)) {
      callback({ type: 'search', query: search.value.slice(0, 200), ...tag })
    }
  }
  /** Once: `formdata` follows `submit`, and asking for the data may precede it. */
  const submit = (filling: Filling): void => {
    if (filling.step !== 'submit') tell(filling, 'submit')
  }

  listen('input change', (event) => {
    const filling = fillingOf(event)
    const { name, id } = event.composedPath()[0] as Field
    isTyping = true
    if (!filling) return
    if (filling.step !== 'start') tell(filling, 'start')
    filling.field = name || id
    filling.askedAt = undefined
  })
  // Where there is no form to be submitted, a button does it, or Enter in a field.
  listen<KeyboardEvent>('click keydown', (event) => {
    if (event.key && event.key !== 'Enter') return
    isTyping = false
    const filling = fillingOf(event)
    if (filling?.step !== 'start' || filling.form.matches('form')) return
    if (event.key || pathOf(event).some((element) => element.matches('button,[type=button],[role=button]')))
      submit(filling)
  })
  const onEnd = (event: Event) => {
    const filling = fillingOf(event)
    if (!filling) return
    if (event.type === 'invalid') filling.errors = (filling.errors ?? 0) + 1
    // `formdata` is all there is of `form.submit()`. A form that saves itself while one types asks for its data too.
    else if (event.type === 'submit' || !isTyping) submit(filling)
    else filling.askedAt = Date.now()
  }

  return [
    (root) => listen('submit formdata invalid', onEnd, root),
    () => {
      for (const filling of fillings.values()) {
        if (filling.step !== 'start') continue
        tell(filling, Date.now() - (filling.askedAt ?? 0) < LEAVING ? 'submit' : 'abandon')
      }
    },
  ]
}
