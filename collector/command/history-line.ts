/** A line of a history file as a call that the collector takes: Segment's form, or an event of ours with its visitor. */
import { createHash } from 'node:crypto'
import { z } from 'zod'

export type HistoryLine =
  | { readonly call: Readonly<Record<string, unknown>>; readonly problem?: undefined }
  | { readonly call?: undefined; readonly problem: string }

const Line = z.looseObject({ type: z.string() })
const Own = z.looseObject({
  type: z.enum(['page', 'track', 'identify', 'group']),
  visitor: z.string(),
  at: z.union([z.number(), z.string()]),
})

/** The same line has the same id at every run, so that importing it again adds nothing. */
const idOf = (text: string): string => `import-${createHash('sha256').update(text).digest('hex').slice(0, 32)}`

export const readHistoryLine = (text: string): HistoryLine => {
  const line = Line.safeParse(jsonIn(text))
  if (!line.success) return { problem: 'takes a JSON object with a type' }
  const own = Own.safeParse(line.data)
  if (own.success) return { call: callOf(own.data, idOf(text)) }
  if (!('visitor' in line.data)) return { call: { messageId: idOf(text), ...line.data } }
  return { problem: 'an event of a visitor takes type (page, track, identify or group), visitor and at' }
}

const callOf = ({ type, visitor, at, id, ...event }: z.infer<typeof Own>, made: string): Record<string, unknown> => {
  const { name, traits, props, account, user, seconds, scroll, ...place } = event
  const properties = {
    page: { ...place, engagedSeconds: seconds, scrollPercent: scroll },
    track: props,
    identify: undefined,
    group: undefined,
  }[type]
  return {
    type,
    messageId: typeof id === 'string' ? id : made,
    anonymousId: visitor,
    timestamp: at,
    ...(user !== undefined && { userId: user }),
    ...(type === 'track' && { event: name }),
    ...(type === 'group' && { groupId: account }),
    ...(traits !== undefined && { traits }),
    ...(properties !== undefined && { properties }),
  }
}

const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
