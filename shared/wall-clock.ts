/** What the clock on the wall says in a time zone, and when it will say something. */
import { createCalendar, DAY } from './calendar.ts'

const MINUTE = 60_000

export interface WallClock {
  /** The number of the local calendar day: days since 1970-01-01. */
  readonly dayOf: (at: number) => number
  /** Minutes since local midnight. */
  readonly minuteOf: (at: number) => number
  /** The instant at which a local day has come to a minute. Where the clock skips that minute, just after. */
  readonly instantOf: (day: number, minute: number) => number
}

const known = new Map<string, WallClock>()

/** Remembered by zone: there are few, and to make one takes long. */
export const wallClockOf = (timeZone: string): WallClock => {
  const found = known.get(timeZone) ?? createWallClock(timeZone)
  known.set(timeZone, found)
  return found
}

const createWallClock = (timeZone: string): WallClock => {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', hour: 'numeric', minute: 'numeric' })
  const dayOf = createCalendar(timeZone)
  const minuteOf = (at: number): number => {
    const part = (type: string): number => Number(format.formatToParts(at).find((each) => each.type === type)?.value)
    return part('hour') * 60 + part('minute')
  }
  /** How far the wall is ahead of UTC, in ms; zones differ by whole minutes. */
  const offsetAt = (at: number): number => {
    const whole = Math.floor(at / MINUTE) * MINUTE
    return dayOf(whole) * DAY + minuteOf(whole) * MINUTE - whole
  }
  const instantOf = (day: number, minute: number): number => {
    const wall = day * DAY + minute * MINUTE
    return wall - offsetAt(wall - offsetAt(wall))
  }
  return { dayOf, minuteOf, instantOf }
}

/** `08:30`: 510. */
export const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))

/** 1 for Monday to 7 for Sunday. */
const weekdayOf = (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1

export interface OpenHours {
  readonly days: readonly number[]
  readonly from: string
  readonly to: string
}

/** The instant by which the doors have been open for `ms` since `since`. Some day must have hours. */
export const openAfter = (
  since: number,
  ms: number,
  { days, from, to, wall }: OpenHours & { wall: WallClock },
): number => {
  let left = ms
  for (let day = wall.dayOf(since); ; day++) {
    if (!days.includes(weekdayOf(day))) continue
    const start = Math.max(since, wall.instantOf(day, minutesOf(from)))
    const open = wall.instantOf(day, minutesOf(to)) - start
    if (open <= 0) continue
    if (left <= open) return start + left
    left -= open
  }
}

/** When quiet hours that hold at `at` end; `at` itself where none do. They may span midnight. */
export const quietUntil = (at: number, { from, to }: Omit<OpenHours, 'days'>, wall: WallClock): number => {
  const [minute, start, end] = [wall.minuteOf(at), minutesOf(from), minutesOf(to)]
  const isQuiet = start <= end ? minute >= start && minute < end : minute >= start || minute < end
  if (!isQuiet) return at
  return wall.instantOf(wall.dayOf(at) + (minute >= end ? 1 : 0), end)
}
