/** Days and instants as an address names them: days are whole ones, UTC. */
import { z } from 'zod'
import { DAY } from '../../shared/calendar.ts'

const A_TIME = 'takes a day or an instant, such as 2026-01-31 or 2026-01-31T12:00:00Z'

/** Epoch milliseconds; of a bare date those at which it begins. */
export const Instant = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], A_TIME)
  .transform((text) => Date.parse(text))

/** The same, but of a bare date those at which it ends: as the end of a span it is within. */
export const Until = z.union(
  [
    z.iso.date().transform((text) => Date.parse(text) + DAY),
    z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
  ],
  A_TIME,
)

/** The day after it has a year of five digits, which no answer could tell. */
const LAST_DAY = Date.UTC(9999, 11, 31)

/** The day something falls on, and whether that is all that was said. */
const Day = z
  .union(
    [
      z.iso.date().transform((text) => ({ at: Date.parse(text), isWhole: true })),
      z.iso.datetime({ offset: true }).transform((text) => ({ at: Date.parse(text), isWhole: false })),
    ],
    A_TIME,
  )
  .refine(({ at }) => at < LAST_DAY, { error: 'is beyond the last year that can be told', abort: true })

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
