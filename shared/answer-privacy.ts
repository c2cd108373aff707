/** What the API answers about what is held of people, who looked at it, and its end. */
import { z } from 'zod'

/** What an erasure took. */
export const Erased = z.object({ people: z.number().int(), events: z.number().int() })
