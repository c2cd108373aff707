/** What one part of a model must say of another: every contradiction, in words that a marketer can act on. */
import type { Model } from './model.ts'
import { minutesOf } from './wall-clock.ts'

export interface Mistake {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** Everything that contradicts something else in a document of the right form. */
export const contradictionsOf = (model: Model): readonly Mistake[] =>
  CHECKS.flatMap((check) => [...check(model)]).map(([path, message]) => ({ path: path.split('.').map(part), message }))

type Check = (model: Model) => Iterable<readonly [path: string, message: string]>

const part = (text: string): string | number => (/^\d+$/.test(text) ? Number(text) : text)

const BANDS = ['interest', 'evaluation', 'intent'] as const
const PLUS = ['discover', 'engage', 'evaluate', 'intent'] as const
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)

const bands: Check = function* ({ stages, caps }) {
  const reach = sum(PLUS.map((group) => caps[group]))
  for (const [i, stage] of BANDS.entries()) {
    const { enter, leave, evidence, floors } = stages[stage]
    const path = `stages.${stage}`
    const below = BANDS[i - 1]
    if (leave >= enter) yield [path, `stage \`${stage}\` leaves at ${leave} but enters at ${enter}`]
    if (below && enter <= stages[below].enter)
      yield [path, `stage \`${stage}\` enters at ${enter}, not above \`${below}\` at ${stages[below].enter}`]
    if (below && leave < stages[below].leave)
      yield [path, `stage \`${stage}\` leaves at ${leave}, below \`${below}\` at ${stages[below].leave}`]
    if (enter > reach) yield [path, `stage \`${stage}\` enters at ${enter}, but the caps add up to ${reach}`]
    if (evidence.length === 0 && floors.length === 0)
      yield [path, `stage \`${stage}\` has no evidence and no floors, so nobody can enter it`]
  }
}

const caps: Check = function* ({ caps, halfLifeDays, momentumHalfLifeDays }) {
  const reach = sum(PLUS.map((group) => caps[group]))
  if (reach > 100) yield ['caps', `the caps add up to ${reach}; a score ends at 100`]
  if (momentumHalfLifeDays >= halfLifeDays)
    yield [
      'momentumHalfLifeDays',
      `momentum fades in ${momentumHalfLifeDays} days, not faster than the score in ${halfLifeDays}`,
    ]
}

const signals: Check = function* (model) {
  for (const [name, { group, points, effect }] of Object.entries(model.signals)) {
    const path = `signals.${name}`
    if (points !== 0 && !group) yield [path, `signal \`${name}\` has ${points} points but no group`]
    if (group && (group === 'penalty' ? points > 0 : points < 0))
      yield [path, `signal \`${name}\` has ${points} points in group \`${group}\``]
    if (effect === 'reset' && group) yield [path, `signal \`${name}\` resets intent, so it can have no group itself`]
  }
  for (const [name, target] of Object.entries(model.aliases)) {
    if (Object.hasOwn(model.signals, name))
      yield [`aliases.${name}`, `\`${name}\` is a signal, so it cannot be an alias`]
    if (Object.hasOwn(model.aliases, target))
      yield [`aliases.${name}`, `alias \`${name}\` leads to alias \`${target}\``]
  }
}

/** Where signals are named; each must exist. */
const named: Check = function* (model) {
  const { pageSignals, downloadSignals, pricing, cartAbandon, deepSession, lexicons, stages } = model
  const { mql, sql, pql } = model.qualification
  const places: readonly (readonly [string, readonly string[]])[] = [
    ...Object.entries(model.aliases).map(([name, target]) => [`aliases.${name}`, [target]] as const),
    ['eventNames', Object.values(model.eventNames)],
    ...model.pageRules.map(({ signal }, i) => [`pageRules.${i}.signal`, signal ? [signal] : []] as const),
    ['pageSignals', Object.values(pageSignals)],
    ['downloadSignals', Object.values(downloadSignals)],
    ['formSignal', [model.formSignal]],
    ['pricing', [pricing.signal, pricing.first, pricing.repeat]],
    ['deepSession.signals', deepSession.signals],
    ['cartAbandon.activity', cartAbandon.activity],
    ['cartAbandon.endedBy', cartAbandon.endedBy],
    ['lexicons.textSignals', lexicons.textSignals],
    ...BANDS.map((stage) => [`stages.${stage}.floors`, stages[stage].floors] as const),
    ['qualification.mql.kinds', mql.kinds],
    ['qualification.sql.handRaises', sql.handRaises],
    ['qualification.sql.pattern.kinds', sql.pattern.kinds],
    ['qualification.pql', pql.on ? [pql.trial, pql.activation] : []],
  ]
  for (const [path, names] of places)
    for (const name of new Set(names))
      if (!Object.hasOwn(model.signals, name) && !(mayBeAlias(path) && Object.hasOwn(model.aliases, name)))
        yield [path, `there is no signal \`${name}\` in signals`]
}

const mayBeAlias = (path: string): boolean => path.startsWith('pageRules')

const qualification: Check = function* ({ qualification: { mql, sql, lapse }, signals }) {
  const intents = Object.values(signals).filter(({ group }) => group === 'intent').length
  const few = (asked: number, there: number): boolean => asked > there
  if (mql.actionScore > mql.score)
    yield [
      'qualification.mql',
      `actions qualify at ${mql.actionScore}, above the ${mql.score} that qualify by themselves`,
    ]
  if (mql.mode !== 'score' && few(mql.distinctKinds, new Set(mql.kinds).size))
    yield [
      'qualification.mql',
      `an MQL takes ${mql.distinctKinds} kinds of action, but only ${new Set(mql.kinds).size} are listed`,
    ]
  if (sql.byScore && few(sql.distinctIntent, intents))
    yield [
      'qualification.sql',
      `an SQL takes ${sql.distinctIntent} kinds of intent, but only ${intents} signals are of group \`intent\``,
    ]
  if (sql.byScore && few(sql.pattern.distinctKinds, new Set(sql.pattern.kinds).size))
    yield [
      'qualification.sql.pattern',
      `the pattern takes ${sql.pattern.distinctKinds} kinds, but only ${new Set(sql.pattern.kinds).size} are listed`,
    ]
  if (sql.byScore && few(sql.pattern.days, sql.pattern.views))
    yield ['qualification.sql.pattern', `${sql.pattern.views} views cannot be on ${sql.pattern.days} days`]
  if (lapse.score > mql.actionScore)
    yield [
      'qualification.lapse',
      `an MQL lapses below ${lapse.score}, but one is made at ${mql.actionScore}: leads would come and go`,
    ]
}

const fit: Check = function* ({ fit: { grades, profiles } }) {
  const { A, B, C } = grades
  if (!(A > B && B > C)) yield ['fit.grades', `grades must fall: A at ${A}, B at ${B}, C at ${C}`]
  for (const [i, { criteria }] of profiles.entries())
    for (const [j, { trait, match, partial }] of criteria.entries())
      for (const wish of [...match, ...partial])
        if (typeof wish !== 'string' && wish[0] > wish[1])
          yield [
            `fit.profiles.${i}.criteria.${j}`,
            `the range of \`${trait}\` begins at ${wish[0]} and ends at ${wish[1]}`,
          ]
}

const handing: Check = function* ({ sla: { businessHours }, alerts: { quiet }, routing: { owners, rules } }) {
  const open = minutesOf(businessHours.to) - minutesOf(businessHours.from)
  if (businessHours.days.length === 0) yield ['sla.businessHours.days', 'there is no day on which somebody is there']
  if (open < 60) yield ['sla.businessHours', 'business hours take at least one hour, and end on the day they begin']
  if (quiet && quiet.from === quiet.to)
    yield ['alerts.quiet', `quiet hours begin and end at ${quiet.from}; leave them out to have none`]
  const ids = owners.map(({ id }) => id)
  for (const [i, id] of ids.entries())
    if (ids.indexOf(id) !== i) yield [`routing.owners.${i}`, `there are two owners \`${id}\``]
  for (const [i, { when, owners }] of rules.entries()) {
    if (owners.length === 0) yield [`routing.rules.${i}.owners`, 'a rule names at least one owner']
    for (const id of owners)
      if (!ids.includes(id)) yield [`routing.rules.${i}.owners`, `there is no owner \`${id}\` in routing.owners`]
    const [from, to] = when.companySize ?? [0, 0]
    if (from > to) yield [`routing.rules.${i}.when.companySize`, `the range begins at ${from} and ends at ${to}`]
  }
}

const CHECKS: readonly Check[] = [bands, caps, signals, named, qualification, fit, handing]
