/** Writes somebody down again as nobody: under a new id and no name, with what is left of their events and transitions. */
import type { Model } from '../../shared/model.ts'
import type { Cause, Remains } from '../../shared/remains.ts'
import type { VisitorState } from '../../shared/state.ts'
import type { Fold } from '../../shared/visitor.ts'
import type { Db } from './sqlite.ts'
import { logStatements } from './sqlite-log-sql.ts'
import { IN_PERSON, type Person } from './sqlite-person.ts'
import { valuesOf } from './sqlite-row.ts'
import { createTerms } from './sqlite-terms.ts'
import type { StoredEvent } from './store.ts'
import { storedEvents } from './stored.ts'
import { rowOf } from './visitor-row.ts'

export interface Nobody {
  readonly site: string
  readonly state: VisitorState | undefined
  readonly model: Model
  readonly fold: Fold
  readonly events: readonly StoredEvent[]
}

/** Who takes their transitions over. */
export interface Heir {
  readonly id: string
  readonly ruleOf: Remains['ruleOf']
}

export interface Nobodies {
  /** Within the caller's transaction, and before the person's rows are deleted: takes their transitions over. */
  readonly inherit: (person: Person, heir: Heir) => number
  /** After that, for the events keep their places in the log. */
  readonly write: (n: number, nobody: Nobody) => void
}

export const createNobodies = (db: Db): Nobodies => {
  const sql = logStatements(db)
  const transitions = db.prepare(`SELECT seq, what, rule, event FROM transition WHERE visitor ${IN_PERSON}`)
  const terms = createTerms(db)
  const judge = db.prepare(`UPDATE feedback SET visitor = @n WHERE visitor ${IN_PERSON}`)
  const take = db.prepare('UPDATE transition SET visitor = ?, event = NULL, rule = ? WHERE seq = ?')

  return {
    inherit: ({ numbers, site }, { id, ruleOf }) => {
      const n = Number(sql.insertProfile.run(id, sql.siteNumber.get(site)).lastInsertRowid)
      for (const { seq, ...cause } of transitions.all({ numbers }) as Row[]) take.run(n, ruleOf(cause), seq)
      judge.run({ n, numbers })
      return n
    },
    write: (n, { site, state, model, fold, events }) => {
      for (const { seq, event } of events) sql.insertEvents.run(seq, n, storedEvents([event], terms))
      const changed = (sql.head.get() as number) + 1
      sql.saveProfile.run(...valuesOf(rowOf({ n, id: '', site, state }, { model, fold, changed, terms })))
    },
  }
}

type Row = Cause & { readonly seq: number }
