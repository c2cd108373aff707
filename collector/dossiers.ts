/** All that is held of a person, for them to have. */
import type { Dossier } from '../shared/answer-privacy.ts'
import { inOrder } from '../shared/event.ts'
import { isoOf } from '../shared/present.ts'
import { type Profiles, transitionItem } from './profiles.ts'
import type { StoredVisitor, Views } from './store/store.ts'

export interface DossiersOptions {
  readonly views: Pick<Views, 'events' | 'transitions' | 'merges' | 'held'>
  readonly profiles: Pick<Profiles, 'show' | 'explain'>
  readonly now: () => number
}

export type DossierOf = (visitor: StoredVisitor) => Promise<Dossier>

export const createDossiers = ({ views, profiles, now }: DossiersOptions): DossierOf => {
  return async (visitor) => {
    const [events, transitions, merges, held] = await Promise.all([
      views.events(visitor.id),
      views.transitions(visitor.id),
      views.merges(visitor.id),
      views.held(visitor.id),
    ])
    const at = now()
    return {
      visitor: profiles.show(visitor, at),
      parts: held.parts.map(({ user, email, ...part }) => ({
        ...part,
        user: user ?? null,
        email: email ?? null,
        names: [...part.names],
      })),
      events: events
        .map(({ event }) => event)
        .toSorted(inOrder)
        .map((event) => ({ ...event, at: isoOf(event.at) })),
      explanation: await profiles.explain(visitor, at),
      transitions: transitions.toSorted((a, b) => a.seq - b.seq).map(transitionItem),
      merges: merges.map(({ undoneAt, ...merge }) => ({
        ...merge,
        at: isoOf(merge.at),
        undoneAt: undoneAt === undefined ? null : isoOf(undoneAt),
      })),
      others: held.others as Dossier['others'],
      rejected: held.rejected.map((row) => ({ ...row, site: row.site ?? null, at: isoOf(row.at) })),
    }
  }
}
