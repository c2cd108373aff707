/** Waits for a job of the collector, with a bar that shows how far it is. */
import { barOf, CommandError, type Terminal } from './terminal.ts'

interface Job<Result> {
  readonly id: string
  readonly state: 'running' | 'done' | 'failed'
  readonly progress: number
  readonly result: Result
  readonly problem: string | null
}

/** Starts a job and shows how far it is until it has ended. */
export const follow = async <Result>(
  path: string,
  body: unknown,
  { ask, progress, pause }: Terminal,
): Promise<Result> => {
  let job = await ask<Job<Result>>('POST', `${path}?wait=0`, body)
  while (job.state === 'running') {
    progress(barOf(job.progress))
    await pause(200)
    job = await ask<Job<Result>>('GET', `/api/models/jobs/${job.id}`)
  }
  progress('')
  if (job.state === 'failed') throw new CommandError(job.problem ?? 'It did not work out, and nothing has changed.')
  return job.result
}
