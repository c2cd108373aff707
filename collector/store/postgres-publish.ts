/** Publishes a version of the model on PostgreSQL: rebuilds everyone under it while all write on, then switches for all. */
import type { Publishing } from './engine.ts'
import type { Sql, Transaction } from './postgres.ts'
import { createLease, type Lease } from './postgres-lease.ts'
import { clearLeftovers, leftovers } from './postgres-leftovers.ts'
import { insertDraft, markPublished } from './postgres-models.ts'
import { createVisitorPartition, visitorPartitions } from './postgres-partitions.ts'
import { beginRebuild } from './postgres-rebuild.ts'
import type { Draft } from './store.ts'

/** For how long a slice may take, before another collector may publish. */
const LEASE = 60_000
const NAME = 'publish'

export interface PublishOptions {
  readonly newId: () => string
  /** Another each time: for a lease. */
  readonly newHolder: () => string
  readonly now: () => number
  readonly lane: number
  /** Events in a slice, about. */
  readonly slice?: number
}

/** One at a time, among all collectors. Rejects where it was halted or the server refused; then nothing has changed. */
export const createPostgresPublish =
  (sql: Sql, options: PublishOptions) =>
  async (publishing: Publishing): Promise<void> => {
    const { now, newHolder } = options
    const lease = createLease(sql, { name: NAME, holder: newHolder(), now })
    if (!(await lease.take(now() + LEASE))) throw new Error(TAKEN)
    try {
      await build(sql, publishing, { ...options, lease })
    } catch (error) {
      // Where that fails too, it is made good by whoever publishes next, or tidies up.
      await abandon(sql, lease, now).catch(() => undefined)
      throw error
    } finally {
      await lease.release().catch(() => undefined)
    }
  }

type Building = PublishOptions & { readonly lease: Lease }

const build = async (sql: Sql, publishing: Publishing, { lease, ...options }: Building): Promise<void> => {
  const { next, approval, breathe, isHalted, onProgress } = publishing
  const keep = async (tx: Transaction): Promise<void> => {
    if (!(await lease.keep(tx, options.now() + LEASE))) throw new Error(TAKEN)
  }
  const rebuild = await beginRebuild(sql, { ...options, scoring: next, keep })
  for (let step = await rebuild.step(); !step.isReady; step = await rebuild.step()) {
    onProgress(step)
    await breathe()
    if (isHalted()) throw new Error('The collector is stopping. Publish again when it runs.')
  }
  await rebuild.finish(approval)
}

/** Unless it is another's by now. */
const abandon = async (sql: Sql, lease: Lease, now: () => number): Promise<void> => {
  if (await lease.take(now() + LEASE)) await clearLeftovers(sql)
}

/** Makes a model the first that scores: there is nobody yet to be rebuilt. */
export const publishFirst = async (sql: Sql, draft: Draft): Promise<void> => {
  await sql.begin(async (tx) => {
    await tx`LOCK TABLE model IN SHARE ROW EXCLUSIVE MODE`
    const [published] = await tx`SELECT 1 FROM model WHERE state = 'published'`
    // Another collector was first.
    if (published) return
    const version = await insertDraft(tx, draft)
    if (!(await visitorPartitions(tx)).includes(version)) await createVisitorPartition(tx, version)
    await markPublished(tx, version, { approver: '', reason: 'The first model', at: draft.createdAt })
  })
}

/** Drops what former versions have left, unless one is being published. */
export const tidyVersions = async (sql: Sql, { newHolder, now }: PublishOptions): Promise<void> => {
  if ((await leftovers(sql)).length === 0) return
  const lease = createLease(sql, { name: NAME, holder: newHolder(), now })
  if (!(await lease.take(now() + LEASE))) return
  await clearLeftovers(sql).finally(() => lease.release())
}

const TAKEN =
  'Another collector is publishing a version. Wait until it is done; at most a minute, where it was stopped.'
