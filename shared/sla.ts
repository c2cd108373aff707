/** How soon sales is to answer a lead: when the reminder and the deadline fall, in closed form. */
import type { Model } from './model.ts'
import { openAfter, wallClockOf } from './wall-clock.ts'

const MINUTE = 60_000

/** What somebody waits for an answer as. */
export type SlaKind = 'handRaise' | 'sql' | 'mql'

/** Runs from the instant of qualification until the first touch. */
export interface SlaClock {
  readonly kind: SlaKind
  readonly since: number
  /** The next instant to act at: the reminder, then the deadline. */
  readonly nextAt: number
  readonly deadline: number
}

export const SLA_FLAGS = ['sla_warning', 'sla_breached'] as const

export type StartClock = (kind: SlaKind, since: number) => SlaClock

export const createSlaClock = ({ sla, timeZone }: Pick<Model, 'sla' | 'timeZone'>): StartClock => {
  const hours = { ...sla.businessHours, wall: wallClockOf(timeZone) }
  return (kind, since) => {
    const { minutes, inBusinessHours } = sla[kind]
    const after = (ms: number): number => Math.round(inBusinessHours ? openAfter(since, ms, hours) : since + ms)
    return {
      kind,
      since,
      nextAt: after((minutes * MINUTE * sla.warnPercent) / 100),
      deadline: after(minutes * MINUTE),
    }
  }
}

/** The flag that the clock sets when its next instant has come. */
export const flagDue = ({ nextAt, deadline }: SlaClock): (typeof SLA_FLAGS)[number] =>
  nextAt < deadline ? 'sla_warning' : 'sla_breached'

/** In words, for the transition. */
export const slaRule = (clock: SlaClock, { sla }: Pick<Model, 'sla'>): string => {
  const { minutes, inBusinessHours } = sla[clock.kind]
  const share = flagDue(clock) === 'sla_warning' ? `${sla.warnPercent} % of ` : ''
  const what = { handRaise: 'a raised hand', sql: 'an SQL', mql: 'an MQL' }[clock.kind]
  return `${what} unanswered for ${share}${minutes} ${inBusinessHours ? 'business minutes' : 'minutes'}`
}

/** The clock after its next instant; undefined after the deadline. */
export const goOn = (clock: SlaClock): SlaClock | undefined =>
  clock.nextAt < clock.deadline ? { ...clock, nextAt: clock.deadline } : undefined
