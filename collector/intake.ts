/** Raw bodies in, answers out: those let in are appended together, and each event is told what became of it. */
import type { Arriving } from '../shared/append.ts'
import type { Stage } from '../shared/model.ts'
import { consentsIn, type Told } from './circumstances.ts'
import { createEntrance, type EntranceOptions, type Entry, type Turned } from './entrance.ts'
import type { Rejection } from './ingest/batch.ts'
import { ERASED, TRACELESS } from './ingest/erased.ts'
import type { Answer, RawBody } from './raw-body.ts'
import { createSalvage, type Outcome } from './salvage.ts'
import type { EventLog, Rejected } from './store/store.ts'

export interface IntakeOptions extends EntranceOptions {
  readonly log: Pick<EventLog, 'append' | 'consentOf' | 'emailOf' | 'stageOf'>
}

/**
 * Takes the bodies of one group; the answers come back in the same order, after one append for all of them. The next group
 * may be handed over while this one is on its way.
 */
export type Intake = (bodies: readonly RawBody[]) => Promise<readonly Answer[]>

export const createIntake = (options: IntakeOptions): Intake => {
  const { log, isOutage, report } = options
  const enter = createEntrance(options)
  const salvage = createSalvage({ append: log.append, isOutage, report })

  const told: Told = new Map()
  let entering: Promise<unknown> = Promise.resolve()

  /** The log knows it from now on, unless another was told meanwhile. */
  const forget = (entered: readonly Entry[]): void => {
    for (const { person, state } of entered.flatMap(consentsIn)) if (told.get(person) === state) told.delete(person)
  }

  /** In the order of arrival, whatever group they are of: consent counts from the next body on. */
  const enterAll = (bodies: readonly RawBody[]): Promise<readonly (Entry | Turned)[]> => {
    const entries: (Entry | Turned)[] = []
    const entered = entering.then(async () => {
      for (const body of bodies) entries.push(await enter(body, told))
      return entries
    })
    entering = entered.catch(() => forget(entries.filter(isEntry)))
    return entered
  }

  /** What the site lets its browsers know. All is written by then, so a failure keeps no answer back. */
  const stageFor = ({ body, site, batch }: Entry): Promise<Stage | undefined> | undefined => {
    const anonymous = batch.events[0]?.who.anonymous
    if (!site.settings.tellsStage || body.kind !== 'snippet' || anonymous === undefined) return undefined
    return log.stageOf(site.name, anonymous).catch((error) => void report(error))
  }

  return async (bodies) => {
    const entries = await enterAll(bodies)
    const entered = entries.filter(isEntry)
    const rejected = entries.flatMap((entry) =>
      'batch' in entry ? rejectedOf(entry, entry.batch.rejected) : [entry.rejected],
    )
    const outcomes = await salvage(entered.flatMap(arrivingOf), rejected).finally(() => forget(entered))
    const stages = await Promise.all(entries.map((entry) => (isEntry(entry) ? stageFor(entry) : undefined)))
    let next = 0
    const failed: Rejected[] = []
    const answers = entries.map((entry, n) => {
      if (!('batch' in entry)) return entry.answer
      const own = outcomes.slice(next, next + entry.batch.events.length)
      next += own.length
      const failures = failuresOf(entry, own)
      failed.push(...rejectedOf(entry, failures))
      return answerOf(entry, { outcomes: own, failures, stage: stages[n] })
    })
    if (failed.length > 0) await log.append([], failed)
    return answers
  }
}

const isEntry = (entry: Entry | Turned): entry is Entry => 'batch' in entry

const FAILED = { code: 'failed', message: 'the collector failed to take this event; its log says why' } as const

const arrivingOf = ({ site, batch }: Entry): readonly Arriving[] =>
  batch.events.map(({ who, event }) => ({ site: site.name, who, event }))

const rejectedOf = ({ body, site }: Entry, rejected: readonly Rejection[]): readonly Rejected[] =>
  rejected.map(({ id, code, message }) => {
    return { at: body.received, site: site.name, id: TRACELESS.has(code) ? null : id, code, message }
  })

const failuresOf = ({ batch }: Entry, outcomes: readonly Outcome[]): readonly Rejection[] =>
  batch.events.flatMap(({ index, event: { id } }, i): readonly Rejection[] => {
    if (outcomes[i] === 'erased') return [{ index, id, ...ERASED }]
    return outcomes[i] === 'failed' ? [{ index, id, ...FAILED }] : []
  })

interface Became {
  readonly outcomes: readonly Outcome[]
  readonly failures: readonly Rejection[]
  /** The visitor's own, where it may be told. */
  readonly stage: Stage | undefined
}

const answerOf = ({ body, batch }: Entry, { outcomes, failures, stage }: Became): Answer => {
  const count = (outcome: Outcome): number => outcomes.filter((each) => each === outcome).length
  const rejected = failures.length ? [...batch.rejected, ...failures].sort((a, b) => a.index - b.index) : batch.rejected
  const verdict = { accepted: count('accepted'), duplicate: count('duplicate'), rejected, stage }
  return { status: 200, body: JSON.stringify(body.kind === 'snippet' ? verdict : { success: true, ...verdict }) }
}
