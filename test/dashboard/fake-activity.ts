/** What a made-up visitor does next, and what the live stream says of it. */
import type { LiveMessage } from '../../shared/answer.ts'
import { standing } from './fake-ledger.ts'
import type { FakePerson } from './fake-people.ts'

/** Somebody looks at the prices again: one more row, a new score, now and then a new stage. */
export const act = (people: readonly FakePerson[], roll: () => number, push: (message: LiveMessage) => void): void => {
  const person = people[Math.floor(roll() * people.length)]
  if (!person) return
  const { visitor, rows, timeline } = person
  const at = new Date().toISOString()
  const event = `${visitor.id}-${at}-${rows.length}`
  const applied = Math.max(0, Math.min(6, 25 - visitor.groups.evaluate))
  const row = { signal: 'case_study', group: 'evaluate' as const, applied, rule: 'page rule /customers/*' }
  const page = { url: 'https://example.com/customers/nordwind', title: 'How Nordwind halved its restore time' }
  rows.unshift({ event, at, ...row, points: 6, factor: 1, value: applied, ...page })
  timeline.unshift({ kind: 'event', at, id: event, type: 'page', ...page, points: [row] })
  const { score, groups, why } = standing(rows)
  Object.assign(visitor, { score, groups, why, lastSeen: at, momentum: 'rising', views: visitor.views + 1 })
  push({ name: 'event', visitor: visitor.id, site: visitor.site, type: 'page', at, ...page })
  push({ name: 'score', visitor })
  const next =
    visitor.stage === 'awareness' ? 'interest' : visitor.stage === 'interest' && score >= 20 ? 'evaluation' : undefined
  if (!next) return
  const turn = { what: 'stage', from: visitor.stage, to: next, rule: 'score and evidence', score } as const
  Object.assign(visitor, { stage: next, funnel: next === 'interest' ? 'tofu' : 'mofu', stageSince: at })
  timeline.unshift({ kind: 'transition', at, ...turn, event, modelVersion: 1, cause: 'live' })
  push({ name: 'score', visitor })
  push({ name: 'transition', visitor: visitor.id, site: visitor.site, at, ...turn })
}
