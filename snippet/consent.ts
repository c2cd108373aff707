/** Whether the visitor may be observed, and as whom. A kept id is the memory of a yes, the word `denied` that of a no. */
import { keep, recall } from './identity.ts'
import { options } from './options.ts'
import { random } from './random.ts'

export let state: 'granted' | 'pending' | 'denied' | undefined
export let visitor: string

const isRequired = (): boolean => /required/.test(options.consent ?? '')

export const grant = (): void => {
  const known = recall()
  visitor = known?.[9] ? known : random(32, 16)
  state = 'granted'
  keep(visitor)
}

/** Ends the observation on this page. */
export const halt = (): void => {
  state = 'denied'
}

/** Forgets the visitor. Where a yes is required its absence says enough. */
export const deny = (): void => {
  halt()
  keep(isRequired() ? '' : 'denied')
}

export const ask = (): void => {
  const known = recall()
  if (known === 'denied') halt()
  else if (known || !isRequired()) grant()
  else state = 'pending'
}
