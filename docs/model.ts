/** Writes the parts of model.md that come from the default model: `node docs/model.ts`. A test holds them up to date. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { GROUPS } from '../shared/answer.ts'
import { DEFAULT_MODEL } from '../shared/default-model.ts'
import type { Group, Model, Signal } from '../shared/model.ts'
import { PRESETS, presetNamed } from '../shared/presets.ts'

export const PAGE = join(import.meta.dirname, 'model.md')

/** The page with every part between `<!-- name -->` and `<!-- /name -->` written anew. */
export const render = (text: string, model: Model): string =>
  text.replace(/<!-- (\w+) -->\n[\s\S]*?<!-- \/\1 -->/g, (whole, name: string) => {
    const part = PARTS[name]
    return part ? `<!-- ${name} -->\n\n${part(model)}\n\n<!-- /${name} -->` : whole
  })

const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

const code = (name: string): string => `\`${name}\``
const list = (names: readonly string[]): string => names.map(code).join(', ')
const days = (count: number): string => (count === 1 ? 'a day' : `${count} days`)

const timesOf = (times: number): string => (times === 1 ? 'once' : times === 2 ? 'twice' : `${times} times`)
const inDays = (count: number): string => (count === 1 ? 'a day' : `in ${count} days`)

const limitOf = ({ limit }: Signal): string =>
  limit === undefined ? 'always' : `${timesOf(limit.times)} ${limit.days === undefined ? 'ever' : inDays(limit.days)}`

/** Signals of a group, those of one worth and limit in one row. */
const signalRows = (model: Model, group: Group): readonly (readonly (string | number)[])[] => {
  const own = Object.entries(model.signals).filter(([, signal]) => signal.group === group)
  const alike = Map.groupBy(own, ([, signal]) => `${signal.points} ${limitOf(signal)}`)
  return [...alike.values()]
    .sort(([a], [b]) => Math.abs(b![1].points) - Math.abs(a![1].points))
    .map((same) => [list(same.map(([name]) => name)), same[0]![1].points, limitOf(same[0]![1])])
}

const signals = (model: Model): string =>
  GROUPS.map((group) =>
    [
      `**${group}** – ${model.caps[group] < 0 ? 'down to' : 'up to'} ${model.caps[group]} points together`,
      table(['signal', 'points', 'counts'], signalRows(model, group)),
    ].join('\n\n'),
  ).join('\n\n')

const stages = ({ stages }: Model): string =>
  table(
    ['stage', 'funnel', 'entered at', 'and lately one of', 'left below', `held ${days(stages.floorDays)} by`],
    [
      ['awareness', stages.awareness.funnel, 'any score', 'any visit', '–', '–'],
      ...(['interest', 'evaluation', 'intent'] as const).map((stage) => {
        const { funnel, enter, leave, evidence, floors } = stages[stage]
        return [stage, funnel, enter, evidence.join(', '), leave, floors.length ? list(floors) : '–']
      }),
      ['conversion', stages.conversion.funnel, 'a purchase', '–', 'a refund', '–'],
      [
        'relationship',
        stages.relationship.funnel,
        `${stages.relationshipDays} days a customer, or back again`,
        '–',
        'they leave you',
        '–',
      ],
    ],
  )

const qualification = ({ qualification: { evidenceDays, mql, sql, lapse, pql, expansion } }: Model): string =>
  table(
    ['becomes', 'when'],
    [
      ['IQL', 'the e-mail address is known'],
      [
        'MQL',
        `the address is known, fit is not D, and the score reaches ${mql.score} – or ${mql.actionScore} with ${mql.distinctKinds} different actions in ${days(evidenceDays)} of: ${list(mql.kinds)}`,
      ],
      ['SQL at once', `the address is known and they asked to be called: ${list(sql.handRaises)}`],
      ['SQL by score', `fit A or B, a score of ${sql.score} and ${sql.distinctIntent} different intent signals`],
      [
        'SQL by pattern',
        `fit A or B, ${sql.pattern.views} views of pages about buying on ${sql.pattern.days} days, ${sql.pattern.distinctKinds} of ${list(sql.pattern.kinds)}, a score of ${sql.pattern.score}`,
      ],
      ['PQL (a flag)', `${code(pql.trial)} and ${code(pql.activation)}`],
      ['no longer MQL', `a score below ${lapse.score} for ${days(lapse.mqlDays)}, unless sales is at it`],
      ['recycled', `sales says no, or an SQL nobody touched is below ${lapse.score} for ${days(lapse.sqlDays)}`],
      ['expansion (a flag)', `a customer raises a hand, or reaches ${mql.score * expansion.scoreFactor}`],
    ],
  )

const fit = ({ fit }: Model): string =>
  [
    table(
      ['criterion', 'weight'],
      fit.profiles[0]!.criteria.map(({ trait, weight }) => [code(trait), weight]),
    ),
    `A from ${fit.grades.A} %, B from ${fit.grades.B} %, C from ${fit.grades.C} %, below that D; ? while less than ${fit.minKnownWeight} of the weight is known. A free mail address costs ${fit.freeMailPenalty} percentage points.`,
  ].join('\n\n')

const within = ({ minutes, inBusinessHours }: Model['sla']['sql']): string =>
  `${minutes < 120 ? `${minutes} minutes` : `${minutes / 60} hours`}${inBusinessHours ? ' of business hours' : ''}`

const answering = ({ sla, timeZone }: Model): string =>
  [
    table(
      ['a lead', 'is to be answered within'],
      [
        ['who raised a hand', within(sla.handRaise)],
        ['any other SQL', within(sla.sql)],
        ['an MQL', within(sla.mql)],
      ],
    ),
    `Business hours are from ${sla.businessHours.from} to ${sla.businessHours.to} (${timeZone}), on ${sla.businessHours.days.length} days a week. A first reminder comes after ${sla.warnPercent} % of the time.`,
  ].join('\n\n')

const memory = ({ halfLifeDays, momentumHalfLifeDays, signals }: Model): string => {
  const { points = 0 } = signals.demo_request ?? {}
  const after = (days: number): string => (points * 2 ** (-days / halfLifeDays)).toFixed(1)
  return `Points halve every **${halfLifeDays} days**. A demo request is worth ${points} today, ${after(halfLifeDays)} in ${halfLifeDays} days, ${after(30)} in 30, ${after(90)} in 90. Momentum compares this with a memory of ${momentumHalfLifeDays} days: more of the score is recent, so the visitor is *rising*.`
}

const presets = (): string =>
  table(
    ['preset', 'half-life', 'kinds for an MQL', 'intent entered at', 'SQL by score', 'hand-raises'],
    PRESETS.map((preset) => {
      const { name, halfLifeDays, qualification, stages } = presetNamed(preset)
      const { mql, sql } = qualification
      return [
        `${code(preset)} – ${name}`,
        days(halfLifeDays),
        mql.distinctKinds,
        stages.intent.enter,
        sql.byScore ? sql.score : 'never',
        list(sql.handRaises),
      ]
    }),
  )

const PARTS: Readonly<Record<string, (model: Model) => string>> = {
  memory,
  signals,
  stages,
  qualification,
  fit,
  answering,
  presets,
}

if (process.argv[1] === import.meta.filename) writeFileSync(PAGE, render(readFileSync(PAGE, 'utf8'), DEFAULT_MODEL))
