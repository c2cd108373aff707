/** Days as an address names them: whole ones, UTC. */
import { z } from 'zod'
import { DAY } from '../../shared/calendar.ts'

/** The day something falls on, and whether that is all that was said. */
const Day = z.union([
  z.iso.date().transform((text) => ({ at: Date.parse(text), isWhole: true })),
  z.iso.datetime({ offset: true }).transform((text) => ({ at: Date.parse(text), isWhole: false })),
])

export const DaysQuery = {
  from: Day.transform(({ at }) => Math.floor(at / DAY)).optional(),
  /** A bare date is within; of an instant, the day it falls on. */
  to: Day.transform(({ at, isWhole }) => (isWhole ? at / DAY + 1 : Math.ceil(at / DAY))).optional(),
}

interface Days {
  readonly from?: number | undefined
  readonly to?: number | undefined
}

/** The first is before the last. */
export const isSpan = ({ from, to }: Days): boolean => from === undefined || to === undefined || from < to

/** What is said of `from` otherwise. */
export const NO_SPAN = 'is not before `to`'
