/** Lets the core work on what a transaction has read, and writes down what came of it. */
import { type Append, createAppend } from '../../shared/append.ts'
import type { Shell } from './engine.ts'
import { composeMessages, insertMessages, type Message } from './postgres-announce.ts'
import type { Group } from './postgres-group.ts'
import { type Memory, readHistories } from './postgres-people.ts'
import type { VisitorNumbers } from './postgres-places.ts'
import { noteRejected } from './postgres-rejected.ts'
import { save } from './postgres-save.ts'
import { createWorld, type Read, survivorOf, Unread, type World } from './postgres-world.ts'
import type { Rejected } from './store.ts'

export interface WorkOptions extends Pick<Shell, 'newId' | 'now' | 'linkTo'> {
  readonly visitorNumbers: VisitorNumbers
  /** The rows of this collector: see `aggregate`. */
  readonly lane: number
}

export interface Job<Result> {
  readonly group: Group
  readonly read: Read
  /** People that may turn out to be new. */
  readonly newcomers: number
  readonly rejected: readonly Rejected[]
  readonly work: (appender: Append, world: World) => Result
}

export interface Done<Result> {
  readonly result: Result
  /** What is now true of those who were written, once the transaction has ended. */
  readonly memories: readonly (readonly [number, Memory])[]
  /** To whom names lead from then on. */
  readonly leads: readonly (readonly [string, number])[]
}

type Worked<Result> = { readonly result: Result; readonly world: World; readonly messages: readonly Message[] }

export const createWork = ({ newId, now, linkTo, visitorNumbers, lane }: WorkOptions) => {
  const tryOnce = async <Result>(job: Job<Result>, numberIn: (shard: number) => number): Promise<Worked<Result>> => {
    const { group, read, work } = job
    const { tx, scoring } = group
    const world = createWorld(read, { scoring, numberIn })
    const appender = createAppend(scoring.foldOf, { ...world.known, newId, now }, world.changes)
    const result = work(appender, world)
    const { hears } = await group.begun
    const messages = hears ? await composeMessages(world, { tx, scoring, now: now(), linkTo }, read.parts) : []
    return { result, world, messages }
  }

  /** Only the work itself finds out whose events it needs: then they are read, and it begins again. */
  const workOut = async <Result>(job: Job<Result>): Promise<Worked<Result>> => {
    for (;;) {
      const lent = await visitorNumbers.lend(job.newcomers)
      try {
        return await tryOnce(job, lent.numberIn)
      } catch (error) {
        if (!(error instanceof Unread)) throw error
        await readHistories(job.group.tx, [error.n], job.read)
      } finally {
        lent.giveBack()
      }
    }
  }

  return async <Result>(job: Job<Result>): Promise<Done<Result>> => {
    const { group, read, rejected } = job
    const { tx, scoring } = group
    const { result, world, messages } = await workOut(job)
    const saving = { tx, scoring, block: (await group.begun).block, sites: read.sites, lane }
    const { visitors, places, statements } = await save(world, saving, messages.length)
    group.end([...statements, ...insertMessages(tx, messages, places), ...noteRejected(tx, rejected, lane)])
    const memories = visitors.flatMap(({ row, state: body, changed }): (readonly [number, Memory])[] =>
      row.state && body
        ? [[row.n, { version: scoring.version, changed, body, state: row.state, tally: row.tally }]]
        : [],
    )
    const leads = [...world.named].map(([key, { row }]) => [key, survivorOf(row).n] as const)
    return { result, memories, leads }
  }
}
