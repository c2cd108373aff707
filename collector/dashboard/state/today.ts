/** What today has brought, and how many stand at each stage: from the funnel's report, asked for again when somebody moves. */
import { signal } from '@preact/signals'
import type { FunnelReport } from '../../../shared/answer-reports.ts'
import { get } from '../api.ts'
import type { Qualification, Stage } from '../scale.ts'
import { daysIn, type Where } from './figure.ts'
import { daysOf, reportPath } from './scope.ts'

/** After a change; and at the least, since midnight comes without one. */
const SOON_MS = 3000
const REFRESH_MS = 60_000

export interface Today {
  readonly newcomers: number
  readonly reached: Readonly<Partial<Record<Stage | Qualification, number>>>
  /** How many stand where. */
  readonly standing: ReadonlyMap<Stage, number>
  readonly where: Where
}

/** Undefined until it is known; of a site that is no longer looked at, never. */
export const today = signal<Today | undefined>(undefined)

let site: string | undefined
let timer: ReturnType<typeof setTimeout> | undefined

export const todayOf = ({ stages, models, period }: FunnelReport): Today => {
  const reached: Partial<Record<Stage | Qualification, number>> = {}
  for (const { to, count } of models.flatMap((model) => [...model.stages, ...model.qualifications]))
    reached[to] = (reached[to] ?? 0) + count
  return {
    newcomers: stages.find(({ stage }) => stage === 'awareness')?.entered ?? 0,
    reached,
    standing: new Map(stages.map(({ stage, now }) => [stage, now])),
    where: daysIn(period),
  }
}

const load = async (): Promise<void> => {
  const wanted = site
  if (wanted === undefined) return
  const days = daysOf({ site: wanted, period: '7d', from: '', to: '' }, Date.now())
  const answer = await get<FunnelReport>(reportPath('funnel', { ...days, from: days.to }, wanted))
  if (wanted !== site) return
  if (answer.ok) today.value = todayOf(answer.value)
  wait(REFRESH_MS)
}

const wait = (delay: number): void => {
  clearTimeout(timer)
  timer = setTimeout(() => void load(), delay)
}

/** Looks at a site, or at all; undefined: nobody looks. */
export const watchToday = (wanted: string | undefined): void => {
  clearTimeout(timer)
  if (wanted !== site) today.value = undefined
  site = wanted
  void load()
}

let isSoon = false

/** Notes that somebody moved. */
export const noteMoved = (): void => {
  if (isSoon || site === undefined) return
  isSoon = true
  setTimeout(() => {
    isSoon = false
    void load()
  }, SOON_MS)
}
