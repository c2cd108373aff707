/** Publishes a version of the model: rebuilds everyone under it, in slices between which others write, then switches. */
import type { Db } from './store/sqlite.ts'
import { beginRebuild, type RebuildProgress } from './store/sqlite-rebuild.ts'
import type { Approval, Scoring } from './store/store.ts'

export interface Publishing {
  readonly db: Db
  readonly next: Scoring
  readonly approval: Approval
  readonly now: () => number
  /** Resolves when others have had their turn. */
  readonly breathe: () => Promise<unknown>
  readonly isHalted: () => boolean
  readonly onProgress: (progress: RebuildProgress) => void
}

/** Rejects where it was halted or the disk refused; then nothing has changed, and it can be done again. */
export const publish = async ({
  db,
  next,
  approval,
  now,
  breathe,
  isHalted,
  onProgress,
}: Publishing): Promise<void> => {
  const rebuild = beginRebuild(db, { scoring: next, now })
  try {
    for (let progress = rebuild.step(); !progress.isReady; progress = rebuild.step()) {
      onProgress(progress)
      await breathe()
      if (isHalted()) throw new Error('The collector is stopping. Publish again when it runs.')
    }
    rebuild.finish(approval)
  } catch (error) {
    rebuild.abandon()
    throw error
  }
}
