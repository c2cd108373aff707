/**
 * Deletes what a site has kept for long enough, in slices between which others write. Of somebody who is still about, one
 * entry takes the place of what is deleted, so that they stand where they stood; somebody who is not ends as the site says.
 */
import { expiryOf } from '../shared/expiry.ts'
import { createEnds, type EndsOptions } from './ends.ts'
import { createNote } from './store/sqlite-audit.ts'
import { createExpiry, type Overdue } from './store/sqlite-expiry.ts'
import { createPersons, type Person } from './store/sqlite-person.ts'
import { createTombstones } from './store/sqlite-tombstones.ts'
import type { Site } from './store/store.ts'

const DAY = 86_400_000
/** Visitor numbers looked at between two chances for others to write. */
const SLICE = 1000
/** How often all are looked through, in ms. */
const EVERY = DAY

export interface RetentionOptions extends EndsOptions {
  readonly sites: () => readonly Site[]
  /** Called after rows of visitors were deleted: whoever remembers them must not. */
  readonly forget: () => void
  readonly slice?: number
}

export interface Retention {
  /** Does the next slice; answers whether there is more to be done now. */
  readonly step: () => boolean
  /** Begins anew with the next step: a site keeps for another time. */
  readonly restart: () => void
}

/** How far a pass is. */
interface Pass {
  readonly site: Site & { readonly days: number }
  readonly since: number
  after: number
  people: number
  events: number
}

export const createRetention = (options: RetentionOptions): Retention => {
  const { db, scoring, newId, now, sites, forget, slice = SLICE } = options
  const persons = createPersons(db)
  const expiry = createExpiry(db)
  const ends = createEnds(options)
  const tombstones = createTombstones(db)
  const note = createNote(db)
  let passes: Pass[] = []
  let nextAt = Number.NEGATIVE_INFINITY

  const begin = (): void => {
    nextAt = now() + EVERY
    passes = sites().flatMap((site) => {
      const days = site.settings.retentionDays
      if (days === undefined) return []
      return [{ site: { ...site, days }, since: now() - days * DAY, after: 0, people: 0, events: 0 }]
    })
  }

  /** Answers how many of their events were deleted. */
  const expire = (person: Person, pass: Pass): number => {
    const { expiry: mode = 'erase' } = pass.site.settings
    const keeping = {
      since: pass.since,
      keepsNobody: mode === 'anonymize',
      isNobody: person.parts.every(({ names }) => names.length === 0),
      fold: scoring().foldOf(person.site),
      newId,
    }
    const due = expiryOf(persons.events(person), keeping)
    if (due.kind === 'none') return 0
    if (due.kind === 'cut') expiry.cut(person, pass.since, due.opening)
    else {
      pass.people += 1
      ends[mode](person)
    }
    return due.old
  }

  const work = (pass: Pass, range: Overdue): void => {
    const before = pass.events
    // Before anything is deleted: the last number given is counted on from.
    const due = expiry.overdue(range).flatMap((id) => persons.find(id) ?? [])
    if (due.length > 0) tombstones.note(now(), 'none')
    for (const person of due) pass.events += expire(person, pass)
    if (pass.events > before) forget()
  }

  const end = ({ site, since, people, events }: Pass): void => {
    expiry.cutRejected(site.name, since)
    if (events === 0) return
    const detail = `${people} people, ${events} events`
    note({ at: now(), actor: 'retention', action: site.settings.expiry ?? 'erase', site: site.name, detail })
  }

  return {
    step: () => {
      if (passes.length === 0 && now() >= nextAt) begin()
      const pass = passes[0]
      if (!pass) return false
      const upTo = pass.after + slice
      const range = { site: pass.site.name, after: pass.after, upTo, since: pass.since }
      db.transaction(() => {
        work(pass, range)
        if (upTo >= expiry.last()) end(pass)
      }).immediate()
      pass.after = upTo
      if (upTo >= expiry.last()) passes = passes.slice(1)
      return passes.length > 0
    },
    restart: () => {
      passes = []
      nextAt = Number.NEGATIVE_INFINITY
    },
  }
}
