/** Whether the visitor may be observed, and as whom. A kept id is the memory of a yes, the word `denied` that of a no. */
import { keep, meet, recall } from './identity.ts'
import { options } from './options.ts'
import { close, open } from './queue.ts'
import { left } from './transport.ts'

/** `denied`: nothing is recorded. Unset: it is, but waits for a yes. */
export let state: 'granted' | 'denied' | undefined

export const grant = (): void => {
  state = 'granted'
  meet()
  open()
}

/** Ends the observation on this page. What was seen is still delivered. */
export const halt = (): void => {
  state = 'denied'
  left.abort()
}

const isRequired = (): boolean => /required/.test(options.consent!)

/** Forgets the visitor. Where a yes is required its absence says enough. */
export const deny = (): void => {
  halt()
  close()
  keep(isRequired() ? '' : 'denied')
}

export const ask = (): void => {
  if (recall() === 'denied') halt()
  else if (recall() || !isRequired()) grant()
}
