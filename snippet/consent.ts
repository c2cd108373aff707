/** Whether the visitor may be observed, and as whom. A kept id is the memory of a yes, the word `denied` that of a no. */
import { keep, meet, recall } from './identity.ts'
import { options } from './options.ts'
import { close, open } from './queue.ts'

export let state: 'granted' | 'pending' | 'denied'

export const grant = (): void => {
  state = 'granted'
  meet()
  open()
}

/** Ends the observation on this page. */
export const halt = (): void => {
  state = 'denied'
}

const isRequired = (): boolean => /required/.test(options.consent!)

/** Forgets the visitor. Where a yes is required its absence says enough. */
export const deny = (): void => {
  halt()
  close()
  keep(isRequired() ? '' : state)
}

export const ask = (): void => {
  const known = recall()
  state = known === 'denied' ? known : 'pending'
  if (known ? known !== state : !isRequired()) grant()
}
