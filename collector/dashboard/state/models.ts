/** The versions of the model as the API tells them, and the work on one: simulating, publishing, going back. */
import type { Model } from '../../../shared/model.ts'
import { type Answer, get, send } from '../api.ts'

export interface Version {
  readonly version: number
  readonly state: 'draft' | 'published' | 'retired'
  readonly name: string
  readonly author: string
  readonly approver: string | null
  readonly reason: string
  readonly createdAt: string
  readonly publishedAt: string | null
}
export interface Versions {
  readonly active: number
  readonly items: readonly Version[]
}
export type WholeVersion = Version & { readonly model: Model }

interface Job<Result> {
  readonly id: string
  readonly state: 'running' | 'done' | 'failed'
  /** 0 to 1. */
  readonly progress: number
  readonly result: Result | null
  readonly problem: string | null
}

const POLL_MS = 400

/** Starts a job and follows it to its end. */
export const follow = async <Result>(
  path: string,
  body: unknown,
  onProgress: (progress: number) => void,
): Promise<Answer<Result>> => {
  let answer = await send<Job<Result>>('POST', `${path}?wait=0`, body)
  while (answer.ok && answer.value.state === 'running') {
    onProgress(answer.value.progress)
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    answer = await get<Job<Result>>(`/api/models/jobs/${answer.value.id}`)
  }
  if (!answer.ok) return answer
  const { result, problem } = answer.value
  return result === null
    ? { ok: false, missing: false, message: problem ?? '', details: [] }
    : { ok: true, value: result }
}

export const versionPath = (version: number): string => `/api/models/${version}`
