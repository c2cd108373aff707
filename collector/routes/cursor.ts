/** Where a list stopped, as text that nobody needs to read: made by one page, taken by the next. */
import { z } from 'zod'

/** Longest text looked at. */
const LONGEST = 1000

export const encodeCursor = (cursor: object): string => Buffer.from(JSON.stringify(cursor)).toString('base64url')

/** A query parameter that takes such a text, of the given content. */
export const cursorParameter = <Content>(content: z.ZodType<Content>) =>
  z
    .string()
    .max(LONGEST)
    .transform((text, context) => {
      const read = content.safeParse(decode(text))
      if (read.success) return read.data
      context.addIssue({ code: 'custom', message: 'takes the nextCursor of the page before' })
      return z.NEVER
    })

/** Whether a list goes on in the order in which it began. */
export const isInOrder = <Sort>({ cursor, sort }: { cursor?: { sort: Sort } | undefined; sort: Sort }): boolean =>
  cursor === undefined || cursor.sort === sort

/** What is said of `cursor` otherwise. */
export const OTHER_ORDER = { path: ['cursor'], message: 'goes with the `sort` of the page before' }

const decode = (text: string): unknown => {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}
