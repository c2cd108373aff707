/** What is read: of one visitor, of companies, of all together, and as it happens. */
import { createAccounts } from './accounts.ts'
import type { Editions } from './editions.ts'
import { createLive } from './live.ts'
import { createMetrics } from './metrics.ts'
import { createProfiles } from './profiles.ts'
import { createReports } from './reports.ts'
import type { ReadingStore } from './store/engine.ts'
import type { Views } from './store/store.ts'
import type { Writer } from './writer-thread.ts'

export interface ReadingOptions {
  readonly writer: Pick<Writer, 'onPulse' | 'take'>
  readonly views: Views
  readonly sizes: ReadingStore['sizes']
  readonly editions: Editions
  readonly now: () => number
  readonly stopping: AbortSignal
}

export const createReading = ({ writer, views, sizes, editions, now, stopping }: ReadingOptions) => {
  const profiles = createProfiles({ views, editions })
  const metrics = createMetrics({ views, sizes, seconds: () => performance.now() / 1000 })
  return {
    profiles,
    metrics,
    /** Takes bodies as the writer does, and counts them. */
    take: metrics.taking(writer.take),
    accounts: editions.derived(({ model }) => createAccounts({ views, profiles, model, now })),
    reports: createReports({ views, editions, now }),
    live: createLive({ views, profiles, onPulse: writer.onPulse, now, stopping }),
  }
}
