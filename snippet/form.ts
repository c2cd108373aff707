/** Forms: begun, sent, given up. Never what was typed into them, but for what trait.ts lets through. */
import type { Form } from './event.ts'
import { path } from './listen.ts'
import { searchName } from './options.ts'
import { record } from './record.ts'
import { isTagged, tagOf } from './tag.ts'
import { type Field, traitOf } from './trait.ts'

/** A form that was touched, as it is told each time. */
type Filling = { -readonly [K in keyof Form]: Form[K] } & { traits?: Record<string, string> }

const fillings = new Map<HTMLElement, Filling>()
/** The form in which the last thing done was typing. */
let typing: HTMLElement | undefined
/** When it was asked for its data without being sent. */
let askedAt = 0

const tell = (form: HTMLElement, filling: Filling, step: Form['step']): void => {
  /** Fields that can hold something of the visitor's. */
  const FIELDS = ':is(:read-write,input:checked,select):not([data-ignore],[data-ignore] *)'
  let search: Field | undefined
  if (filling.step === step) return
  filling.step = step
  filling.filled = 0
  filling.traits = undefined
  for (const field of form.querySelectorAll<Field>(FIELDS)) {
    // All fields are looked at, so that what is a password now is known as one later.
    const trait = traitOf(field, 'identify' in form.dataset)
    if (field.value) {
      filling.filled++
      if (step === 'submit' && trait) {
        filling.traits ??= {}
        filling.traits[trait] = field.value
      }
    }
    if (field.matches('[type=search],[role=search] *')) search ??= field
  }
  const isLogin = form.querySelector('[type=password]') && !filling.signal && !filling.funnel
  filling.purpose ??= search ? 'search' : isLogin ? 'login' : undefined
  record(filling)
  if (step === 'submit' && search?.value && !searchName.test(search.name)) {
    record({ type: 'search', query: search.value })
  }
}

/** The page is left: what was begun is given up. */
export const giveUp = (): void => {
  /** Milliseconds in which a form that was asked for its data may have taken the visitor to the next page. */
  const LEAVING = 5e3
  for (const [form, filling] of fillings) {
    if (filling.step === 'start') {
      tell(form, filling, form === typing && Date.now() - askedAt < LEAVING ? 'submit' : 'abandon')
    }
  }
  fillings.clear()
}

/** For what happens in a form, or in what is tagged like one. */
const inForm =
  (action: (form: HTMLElement, filling: Filling, event: KeyboardEvent) => void) =>
  (event: Event): void => {
    const form = path.find((element) => element.matches('form')) ?? path.find(isTagged)
    if (!form) return
    const tag = tagOf(form)
    const filling = fillings.get(form) ?? {
      type: 'form',
      // `form.name` would be the field of that name.
      form: form.getAttribute('name') || form.getAttribute('id') || tag.signal || '',
      ...tag,
    }
    fillings.set(form, filling as Filling)
    action(form, filling as Filling, event as KeyboardEvent)
  }

const submit = (form: HTMLElement, filling: Filling): void => tell(form, filling, 'submit')

export const onSubmit = inForm(submit)

export const onInput = inForm((form, filling) => {
  typing = form
  tell(form, filling, 'start')
  filling.field = (path[0] as Field).name || path[0]!.id
})

export const onInvalid = inForm((_form, filling) => {
  filling.errors = -~filling.errors!
})

/** All there is of `form.submit()`. A form that saves itself while one types asks for its data too. */
export const onFormdata = inForm((form, filling) => {
  if (form === typing) askedAt = Date.now()
  else submit(form, filling)
})

/** Where there is no form to be submitted, a button does it, or Enter in a field. */
export const onPress = inForm((form, filling, { key }) => {
  typing = undefined
  const isButton = key || path.some((element) => element.matches('button,[type=button]'))
  if (isButton && filling.step === 'start' && !form.matches('form')) submit(form, filling)
})
