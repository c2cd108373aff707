/** That somebody did something here: what is shown of the collector may be another by now. */
import { signal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'

export const deeds = signal(0)

export const noteDeed = (): void => {
  deeds.value += 1
}

/** Asks again after every deed, whichever card it was done on. */
export const useAfterDeeds = (again: () => void): void => {
  const n = deeds.value
  const seen = useRef(n)
  useEffect(() => {
    if (seen.current === n) return
    seen.current = n
    again()
  }, [n])
}
