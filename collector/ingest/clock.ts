/** The client's clock is wrong by an unknown amount; its differences are not. */

const DAY = 86_400_000
/** How long a browser's clock is believed without a word of when it sent. */
export const RECENT = DAY
/** How long a queue may lie in a browser's storage. */
export const PERSISTED = 30 * DAY

export interface Clocks {
  /** The server's, on arrival. */
  readonly received: number
  /** The client's, on sending. */
  readonly sent: number | undefined
}

const finite = (time: number | undefined): time is number => Number.isFinite(time)

/**
 * When a browser's event happened, on the server's clock: `received − (sent − at)`, in the 30 days before its arrival.
 * An age of more than a day counts only when the batch's own clock tells it; otherwise it counts as a day.
 */
export const browserTime = (at: number, { received, sent }: Clocks): number => {
  const age = Math.round((finite(sent) ? sent : received) - at)
  if (Number.isNaN(age) || age <= 0) return received
  return received - (age <= (finite(sent) ? PERSISTED : RECENT) ? age : RECENT)
}

/** When a server's event happened: as told, however long ago since 1970, but never in the future. */
export const serverTime = (at: number, received: number): number =>
  Number.isNaN(at) ? received : Math.max(0, Math.min(Math.round(at), received))

/** When it happened by the same correction, for a server that sends its raw clock: history has no bound. */
export const correctedTime = (at: number, { received, sent }: Clocks): number =>
  serverTime(finite(sent) ? received - (sent - at) : at, received)

const ISO = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?) ?(Z|[+-]\d\d(?::?\d\d)?)?)?$/i

/** Epoch milliseconds of an ISO 8601 time, without a zone in UTC; NaN for anything else. */
export const isoTime = (text: string): number => {
  const [, day, clock = '00:00', zone = 'Z'] = ISO.exec(text) ?? []
  if (day === undefined) return Number.NaN
  const offset = /^[Zz]$/.test(zone) ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(3).replace(':', '') || '00'}`
  return Date.parse(`${day}T${clock.replace(',', '.')}${offset}`)
}
