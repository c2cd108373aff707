/** Moments in words: how long ago, in how long, which day. `now` ticks, so that what is computed from it stays true. */
import { signal } from '@preact/signals'
import { locale, t } from './strings/language.ts'

export const now = signal(Date.now())

const SECOND = 1000
const UNITS = [
  ['day', 86_400 * SECOND],
  ['hour', 3600 * SECOND],
  ['minute', 60 * SECOND],
  ['second', SECOND],
] as const

const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'always', style: 'narrow' })
const full = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'medium' })
const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'short' })
const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' })
const dateAndClock = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' })
const weekday = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })

/** Keeps `now` going, once a second while anybody looks. */
export const startClock = (): void => {
  setInterval(() => {
    if (!document.hidden) now.value = Date.now()
  }, SECOND)
}

/** Thousands of moments tick each second, and say but few different things. */
const said = new Map<string, string>()
const relatively = (n: number, unit: (typeof UNITS)[number][0]): string => {
  const key = `${n} ${unit}`
  const known = said.get(key) ?? relative.format(n, unit)
  if (said.size > 5000) said.clear()
  said.set(key, known)
  return known
}

/** `3min ago`, `in 5d`; within ten seconds, `just now`. */
export const fromNow = (at: string, moment: number): string => {
  const distance = Date.parse(at) - moment
  if (Math.abs(distance) < 10 * SECOND) return t.time.now
  const [unit, size] = UNITS.find(([, length]) => Math.abs(distance) >= length) ?? ['second', SECOND]
  return relatively(Math.trunc(distance / size), unit)
}

export const exactly = (at: string): string => full.format(new Date(at))
export const clockTime = (at: string): string => clock.format(new Date(at))
/** `20 Mar 2026, 09:46` */
export const stamp = (at: string): string => dateAndClock.format(new Date(at))
/** A sentence for programs too, with its instants as people write them. */
export const withMoments = (text: string): string => text.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, stamp)
export const onDate = (at: string): string => date.format(new Date(at))

const days = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' })

/** Two days, UTC, as one stretch: `3 – 9 Mar 2026`. Empty where either is no day. */
export const daySpan = (from: string, to: string): string => {
  const [first, last] = [Date.parse(from), Date.parse(to)]
  return first <= last ? days.formatRange(first, last) : ''
}

/** The day of a moment, in the reader's own zone: `Today`, `Yesterday`, or its name. */
export const dayOf = (at: string, moment: number): string => {
  const day = weekday.format(new Date(at))
  if (day === weekday.format(moment)) return t.time.today
  return day === weekday.format(moment - 86_400 * SECOND) ? t.time.yesterday : day
}

/** `41 s`, `13 min` */
export const lasting = (seconds: number): string =>
  seconds < 90 ? t.time.seconds(Math.round(seconds)) : t.time.minutes(Math.round(seconds / 60))

const unit = (name: string) => new Intl.NumberFormat(locale, { style: 'unit', unit: name, maximumFractionDigits: 1 })
const LENGTHS = [
  [172_800, 86_400, unit('day')],
  [5400, 3600, unit('hour')],
  [90, 60, unit('minute')],
  [0, 1, unit('second')],
] as const

/** A length of time in the unit that says it best: `2.4 days` */
export const duration = (seconds: number): string => {
  const [, length, format] = LENGTHS.find(([from]) => seconds >= from) ?? LENGTHS[3]
  return format.format(seconds / length)
}
