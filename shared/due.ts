/** What time alone brings about, each at its closed-form instant: cooling, abandoned carts, lapsed leads, missed answers. */
import { createAward, type Effects } from './award.ts'
import { DAY } from './calendar.ts'
import type { Model } from './model.ts'
import { coolsTo } from './score.ts'
import type { Settle } from './settle.ts'
import { flagDue, goOn, slaRule } from './sla.ts'
import { leaveScore } from './stage.ts'
import type { VisitorState } from './state.ts'

const MINUTE = 60_000

interface Due {
  readonly at: number
  readonly run: Run
}

type Run = (state: VisitorState, at: number, effects: Effects) => void

export interface Clockwork {
  /** Does, in order, all that falls due up to and including `now`, in place. */
  readonly advance: (state: VisitorState, now: number, effects: Effects) => void
  /** When something next falls due, if nothing else happens; undefined for never. */
  readonly dueAt: (state: VisitorState) => number | undefined
  /** When the present stage will be left, if nothing else happens; undefined for never. */
  readonly coolsAt: (state: VisitorState) => number | undefined
}

export const createClockwork = (model: Model, settle: Settle): Clockwork => {
  const award = createAward(model)
  const { lapse } = model.qualification

  const coolsAt = (state: VisitorState): number | undefined => {
    const leave = leaveScore(state.stage, model)
    if (leave === undefined) return undefined
    return Math.max(coolsTo(state.heat, leave, model), settle.heldUntil(state) ?? state.heat.at)
  }

  /** A lead is let go of when it has been cold for long, but not one that sales is in touch with. */
  const lapsesAt = (state: VisitorState): number | undefined => {
    const { qualification } = state
    if ((qualification !== 'mql' && qualification !== 'sql') || 'sales_active' in state.flags) return undefined
    const lowSince = state.lowSince ?? coolsTo(state.heat, lapse.score, model)
    const days = qualification === 'sql' ? lapse.sqlDays : lapse.mqlDays
    return Math.max(lowSince, state.qualificationSince) + days * DAY
  }

  const lapseNow: Run = (state, at, effects) => {
    const days = state.qualification === 'sql' ? lapse.sqlDays : lapse.mqlDays
    const rule = `score below ${lapse.score} for ${days} days`
    const below = model.qualification.iql.on ? 'iql' : 'anonymous'
    const to = state.qualification === 'sql' ? 'recycled' : below
    settle.moveQualification(state, to, {
      at,
      effects,
      rule: to === 'recycled' ? `untouched by sales, ${rule}` : rule,
    })
  }

  const abandonCart: Run = (state, at, effects) => {
    const { event } = state.cart!
    state.cart = undefined
    const rule = `no purchase within ${model.cartAbandon.minutes} min`
    award(state, { signal: 'cart_abandon', rule }, { at, event }, effects)
    settle(state, { at, event, effects })
  }

  const stay: Run = (state, at, effects) => {
    state.customer!.relationship = true
    settle(state, { at, effects })
  }

  const staysAt = ({ customer }: VisitorState): number | undefined =>
    customer && !customer.relationship ? customer.at + model.stages.relationshipDays * DAY : undefined

  const cool: Run = (state, at, effects) => settle(state, { at, effects })

  const remind: Run = (state, at, effects) => {
    const clock = state.sla!
    state.sla = goOn(clock)
    settle.setFlag(state, flagDue(clock), true, { at, effects, rule: slaRule(clock, model) })
  }

  const abandonsAt = ({ cart }: VisitorState): number | undefined =>
    cart && cart.at + model.cartAbandon.minutes * MINUTE

  /** What can fall due; of two at one instant, the first. */
  const kinds: readonly { readonly when: (state: VisitorState) => number | undefined; readonly run: Run }[] = [
    { when: abandonsAt, run: abandonCart },
    { when: staysAt, run: stay },
    { when: coolsAt, run: cool },
    { when: lapsesAt, run: lapseNow },
    { when: ({ sla }) => sla?.nextAt, run: remind },
  ]

  const nextDue = (state: VisitorState): Due | undefined => {
    let due: Due | undefined
    for (const { when, run } of kinds) {
      const at = when(state)
      if (at !== undefined && (due === undefined || at < due.at)) due = { at, run }
    }
    return due
  }

  const advance = (state: VisitorState, now: number, effects: Effects): void => {
    for (let due = nextDue(state); due && due.at <= now; due = nextDue(state)) {
      state.advancedAt = due.at
      due.run(state, due.at, effects)
    }
  }

  return { advance, coolsAt, dueAt: (state) => nextDue(state)?.at }
}
