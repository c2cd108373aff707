/** Schemas with an end: nothing that is read from outside may be of any length. */
import { z } from 'zod'

export const Word = z.string().regex(/^[\s\S]{1,100}$/, 'takes 1 to 100 characters')

/** A list with an end. Not `.max`, which throws where JSON gives an object that has a `length`. */
export const list = <Item extends z.ZodType>(item: Item, most = 500) =>
  z
    .array(item)
    .refine((items) => items.length <= most, `takes at most ${most} entries`)
    .meta({ maxItems: most })
