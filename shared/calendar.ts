/** Calendar days in a time zone, fast enough for the fold. */

const QUARTER_HOUR = 900_000
export const HOUR = 3_600_000
export const DAY = 24 * HOUR

/** Quarter hours remembered; no zone changes its offset within one. */
const REMEMBERED = 100_000

/** Returns the number of the calendar day an instant falls on in a zone: days since 1970-01-01, local. */
export const createCalendar = (timeZone: string): ((at: number) => number) => {
  if (timeZone === 'UTC') return (at) => Math.floor(at / DAY)
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
  const known = new Map<number, number>()
  return (at) => {
    const slot = Math.floor(at / QUARTER_HOUR)
    const day = known.get(slot) ?? Math.floor(Date.parse(`${format.format(at)}T00:00:00Z`) / DAY)
    if (known.size >= REMEMBERED) known.clear()
    known.set(slot, day)
    return day
  }
}

export const isTimeZone = (name: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
