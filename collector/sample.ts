/** Made-up visitors on request: written through the import path into a site of their own, and removed with it. */
import { randomBytes } from 'node:crypto'
import { makeHistory } from '../demo/sample/history.ts'
import { hashOf } from './admission.ts'
import type { Answer, RawBody } from './raw-body.ts'
import type { Site } from './store/store.ts'
import type { Commands } from './writer.ts'

/** The site that is made, and removed whole. */
export const SAMPLE = 'sample'
/** Calls in one body: well under what a body takes. */
const BATCH = 500

export interface SampleOptions {
  readonly writer: Pick<Commands, 'insertSite' | 'insertKey' | 'deleteKey' | 'removeSite'> & {
    readonly take: (body: RawBody) => Promise<Answer>
  }
  readonly siteNamed: (name: string) => Site | undefined
  readonly newSite: (name: string, createdAt: number) => Site
  readonly refresh: () => Promise<void>
  readonly now: () => number
}

export interface SampleRequest {
  readonly site: string
  readonly people: number
  readonly days: number
  readonly seed: number
}

export interface Filled {
  readonly accepted: number
  readonly duplicate: number
  readonly rejected: number
}

export interface Sample {
  /** Undefined where there is no such site, and it is not the one that is made. */
  readonly fill: (request: SampleRequest) => Promise<Filled | undefined>
  /** False where there was none. */
  readonly remove: () => Promise<boolean>
}

export const createSample = (options: SampleOptions): Sample => {
  const { writer, siteNamed, newSite, refresh, now } = options

  const ensure = async (name: string): Promise<boolean> => {
    if (siteNamed(name)) return true
    if (name !== SAMPLE) return false
    await writer.insertSite(newSite(SAMPLE, now()))
    await refresh()
    return true
  }

  /** Only a secret key may tell of the past: one is made for as long as it takes. */
  const withKey = async <T>(site: string, work: (secret: string) => Promise<T>): Promise<T> => {
    const [secret, id] = [`write_${randomBytes(32).toString('base64url')}`, randomBytes(8).toString('hex')]
    const about = { id, kind: 'write', site, label: 'sample data', hint: secret.slice(-4), createdAt: now() } as const
    await writer.insertKey({ ...about, hash: hashOf(secret) })
    return work(secret).finally(() => writer.deleteKey(id).then(refresh))
  }

  const fill = async ({ site, ...request }: SampleRequest): Promise<Filled | undefined> => {
    if (!(await ensure(site))) return undefined
    const calls = makeHistory({ ...request, now: now() })
    return withKey(site, async (key) => {
      const sum = { accepted: 0, duplicate: 0, rejected: 0 }
      for (let from = 0; from < calls.length; from += BATCH) {
        const text = JSON.stringify({ batch: calls.slice(from, from + BATCH) })
        const { status, body } = await writer.take({ kind: 'import', text, received: now(), key })
        if (status !== 200) throw new Error(`The sample data was refused: ${status}`)
        const verdict = JSON.parse(body) as { accepted: number; duplicate: number; rejected: readonly unknown[] }
        sum.accepted += verdict.accepted
        sum.duplicate += verdict.duplicate
        sum.rejected += verdict.rejected.length
      }
      return sum
    })
  }

  const remove = async (): Promise<boolean> => {
    const isGone = (await writer.removeSite(SAMPLE)) !== undefined
    await refresh()
    return isGone
  }
  return { fill, remove }
}
