/** Work that takes longer than an answer should: started by one request, watched by others. */

import type { Commons } from './store/engine.ts'

/** Jobs that have ended and can still be asked for. */
const REMEMBERED = 50

export type JobKind = 'simulate' | 'publish'

export interface Job {
  readonly id: string
  readonly kind: JobKind
  readonly version: number
  readonly state: 'running' | 'done' | 'failed'
  /** 0 to 1. */
  readonly progress: number
  readonly startedAt: number
  readonly endedAt?: number
  readonly result?: unknown
  readonly problem?: string
}

export interface Jobs {
  /** Undefined where one of that kind is under way already. */
  readonly start: (kind: JobKind, version: number, work: Work) => Job | undefined
  /** Also one that another collector runs. */
  readonly get: (id: string) => Promise<Job | undefined>
  /** Resolves when the job has ended, or after `ms`. */
  readonly settled: (id: string, ms: number) => Promise<Job | undefined>
  /** Tells every job to stop. */
  readonly stop: () => void
}

export type Work = (report: (done: number, total: number) => void, signal: AbortSignal) => Promise<unknown>

export interface JobsOptions {
  readonly now: () => number
  readonly newId: () => string
  readonly commons: Pick<Commons, 'keepJob' | 'jobOf'>
}

/** How often others are told of progress, in ms at least. */
const TOLD_EVERY = 500

export const createJobs = ({ now, newId, commons }: JobsOptions): Jobs => {
  const jobs = new Map<string, Job>()
  const ends = new Map<string, Promise<void>>()
  const gone = new AbortController()

  const set = (id: string, change: Partial<Job>): void => {
    const job = jobs.get(id)
    if (!job) return
    jobs.set(id, { ...job, ...change })
    tell(jobs.get(id)!)
  }

  let toldAt = Number.NEGATIVE_INFINITY
  /** Others may lag behind, and lose nothing by it: who runs the job knows. */
  const tell = (job: Job): void => {
    if (job.state === 'running' && now() - toldAt < TOLD_EVERY) return
    toldAt = now()
    void commons.keepJob(job.id, JSON.stringify(job)).catch(() => undefined)
  }

  const run = async (id: string, work: Work): Promise<void> => {
    const report = (done: number, total: number): void =>
      set(id, { progress: total > 0 ? Math.min(1, done / total) : 1 })
    try {
      set(id, { result: await work(report, gone.signal), state: 'done', progress: 1, endedAt: now() })
    } catch (error) {
      set(id, { problem: error instanceof Error ? error.message : String(error), state: 'failed', endedAt: now() })
    }
    ends.delete(id)
  }

  const forgetOldest = (): void => {
    const ended = [...jobs.values()].filter(({ state }) => state !== 'running')
    if (jobs.size > REMEMBERED && ended[0]) jobs.delete(ended[0].id)
  }

  return {
    start: (kind, version, work) => {
      const isUnderWay = [...jobs.values()].some((job) => job.state === 'running' && job.kind === kind)
      if (isUnderWay) return undefined
      const job: Job = { id: newId(), kind, version, state: 'running', progress: 0, startedAt: now() }
      jobs.set(job.id, job)
      tell(job)
      forgetOldest()
      ends.set(job.id, run(job.id, work))
      return job
    },
    get: async (id) => jobs.get(id) ?? told(await commons.jobOf(id)),
    settled: async (id, ms) => {
      const timeout = Promise.withResolvers<void>()
      const timer = setTimeout(timeout.resolve, ms)
      await Promise.race([ends.get(id), timeout.promise])
      clearTimeout(timer)
      return jobs.get(id)
    },
    stop: () => gone.abort(),
  }
}

const told = (document: string | undefined): Job | undefined =>
  document === undefined ? undefined : (JSON.parse(document) as Job)
