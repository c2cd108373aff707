/** "Look again", from one collector to all others. It carries no data: one that is lost or comes twice does no harm. */
import type { PulseKind } from './engine.ts'
import type { Sql } from './postgres.ts'

const CHANNEL = 'leadlight'
/** Between two pulses of one collector, ms at least: each is a transaction, and wakes every collector. */
const APART = 50

export interface Pulse {
  readonly send: (kind: PulseKind) => void
  readonly stop: () => Promise<void>
}

/** Listens on a connection of its own, made again when it is lost; `report` hears of pulses that could not be sent. */
export const openPulse = async (
  sql: Sql,
  {
    self,
    hear,
    report,
  }: {
    readonly self: string
    readonly hear: (kind: PulseKind) => void
    readonly report: (problem: unknown) => void
  },
): Promise<Pulse> => {
  const listening = await sql.listen(
    CHANNEL,
    (text) => {
      const [from, kind] = text.split(' ')
      if (from !== self) hear(kind === 'settings' ? 'settings' : 'log')
    },
    // After a gap nobody knows what was missed.
    () => hear('settings'),
  )
  let waiting: PulseKind | undefined
  let timer: NodeJS.Timeout | undefined

  const flush = (): void => {
    timer = undefined
    if (waiting === undefined) return
    const kind = waiting
    waiting = undefined
    timer = setTimeout(flush, APART)
    // Nobody need wait until it is on disk: it tells of what is there already.
    sql`SELECT set_config('synchronous_commit', 'off', true), pg_notify(${CHANNEL}, ${`${self} ${kind}`})`.catch(report)
  }

  return {
    send: (kind) => {
      // Whoever looks at the settings anew looks at the log too.
      waiting = waiting === 'settings' ? waiting : kind
      if (timer === undefined) flush()
    },
    stop: async () => {
      clearTimeout(timer)
      await listening.unlisten()
    },
  }
}
