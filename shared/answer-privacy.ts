/** What the API answers about what is held of people, who looked at it, and its end. */
import { z } from 'zod'
import { Explanation, TransitionItem, Visitor } from './answer.ts'
import { RejectedList } from './answer-settings.ts'

/** What an erasure took. */
export const Erased = z.object({ people: z.number().int(), events: z.number().int() })

const Instant = z.iso.datetime()

/** Everything that is kept of one person on one site, word for word, and what was worked out from it. */
export const Dossier = z.object({
  visitor: Visitor,
  /** Visitors that turned out to be this person, the survivor first, with every name that leads to them. */
  parts: z.array(
    z.object({
      id: z.string(),
      user: z.string().nullable(),
      email: z.string().nullable(),
      names: z.array(z.object({ kind: z.enum(['anonymous', 'user', 'email']), value: z.string() })),
    }),
  ),
  /** As they are stored, the oldest first. */
  events: z.array(z.looseObject({ id: z.string(), type: z.string(), at: Instant })),
  explanation: Explanation,
  transitions: z.array(TransitionItem),
  merges: z.array(z.object({ at: Instant, undoneAt: Instant.nullable(), from: z.string(), into: z.string() })),
  rejected: RejectedList.shape.items,
  /** Whatever else is kept, such as messages to other systems: rows as they are, by table. */
  others: z.record(z.string(), z.array(z.looseObject({}))),
})
export type Dossier = z.infer<typeof Dossier>

/** One name may lead to somebody on several sites. */
export const PersonExport = z.object({ exportedAt: Instant, people: z.array(Dossier) })
export type PersonExport = z.infer<typeof PersonExport>

/** Something that somebody did with what is kept. */
export const AuditPage = z.object({
  items: z.array(
    z.object({
      at: Instant,
      actor: z.string(),
      action: z.string(),
      site: z.string().nullable(),
      /** Stands for a person: the same person is always the same, and nobody can tell from it who it is. */
      subject: z.string().nullable(),
      /** All whom it is about: one, or everybody on a list that was looked at. */
      subjects: z.array(z.string()),
      detail: z.string().nullable(),
    }),
  ),
  nextCursor: z.string().nullable(),
})
export type AuditPage = z.infer<typeof AuditPage>
