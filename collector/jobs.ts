/** Work that takes longer than an answer should: started by one request, watched by others. */

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
  readonly get: (id: string) => Job | undefined
  /** Resolves when the job has ended, or after `ms`. */
  readonly settled: (id: string, ms: number) => Promise<Job | undefined>
  /** Tells every job to stop. */
  readonly stop: () => void
}

export type Work = (report: (done: number, total: number) => void, signal: AbortSignal) => Promise<unknown>

export interface JobsOptions {
  readonly now: () => number
  readonly newId: () => string
}

export const createJobs = ({ now, newId }: JobsOptions): Jobs => {
  const jobs = new Map<string, Job>()
  const ends = new Map<string, Promise<void>>()
  const gone = new AbortController()

  const set = (id: string, change: Partial<Job>): void => {
    const job = jobs.get(id)
    if (job) jobs.set(id, { ...job, ...change })
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
      forgetOldest()
      ends.set(job.id, run(job.id, work))
      return job
    },
    get: (id) => jobs.get(id),
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
