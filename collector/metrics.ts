/** What an operator needs to see, in the text form of Prometheus: counts and times, and nothing of any person. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Answer, RawBody } from './raw-body.ts'
import type { ReadingStore } from './store/engine.ts'
import type { Views } from './store/store.ts'

export interface Metrics {
  /** Takes a body by `take`, and notes what became of it. */
  readonly taking: (take: Take) => Take
  readonly text: () => Promise<string>
  readonly contentType: string
}

type Take = (body: RawBody) => Promise<Answer>

export interface MetricsOptions {
  readonly views: Pick<Views, 'aggregates' | 'rejected'>
  readonly sizes: ReadingStore['sizes']
  /** Seconds on a clock that only goes forward. */
  readonly seconds: () => number
}

const TIMES = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const PRESENT = { from: 0, to: 1, closed: 0 }

export const createMetrics = ({ views, sizes, seconds }: MetricsOptions): Metrics => {
  const registers = [new Registry()]
  const [registry] = registers as [Registry]
  // Counted by hand: a label looked up at every body would take as long as to hand the body over.
  const counted = { accepted: 0, duplicate: 0 }
  const statuses = new Map<number, number>()
  let waiting = 0
  new Counter({
    name: 'leadlight_events_total',
    help: 'Events on disk, and events that were there already, since the start',
    labelNames: ['outcome'],
    registers,
    collect() {
      this.reset()
      for (const [outcome, count] of Object.entries(counted)) this.inc({ outcome }, count)
    },
  })
  new Counter({
    name: 'leadlight_bodies_total',
    help: 'Bodies of events answered since the start, by status',
    labelNames: ['status'],
    registers,
    collect() {
      this.reset()
      for (const [status, count] of statuses) this.inc({ status }, count)
    },
  })
  const times = new Histogram({
    name: 'leadlight_commit_seconds',
    help: 'From taking a body until what it holds is on disk',
    buckets: TIMES,
    registers,
  })
  new Gauge({
    name: 'leadlight_queue_bodies',
    help: 'Bodies taken and not answered yet',
    registers,
    collect() {
      this.set(waiting)
    },
  })
  gaugesOf({ views, sizes }, registers)

  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    taking: (take) => async (body) => {
      const start = seconds()
      waiting += 1
      try {
        const answer = await take(body)
        times.observe(seconds() - start)
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
        // The head of every verdict; what comes after it may be long.
        const [, accepted, duplicate] =
          /^\{(?:"success":true,)?"accepted":(\d+),"duplicate":(\d+)/.exec(answer.body) ?? []
        counted.accepted += Number(accepted ?? 0)
        counted.duplicate += Number(duplicate ?? 0)
        return answer
      } finally {
        waiting -= 1
      }
    },
  }
}

interface Looked {
  readonly name: string
  readonly help: string
  readonly labelNames?: string[]
  readonly look: (gauge: Gauge) => unknown
}

/** What is looked up at the time of asking. */
const gaugesOf = ({ views, sizes }: Pick<MetricsOptions, 'views' | 'sizes'>, registers: Registry[]): void => {
  const gauge = ({ look, ...about }: Looked): Gauge =>
    new Gauge({
      ...about,
      registers,
      async collect() {
        this.reset()
        await look(this)
      },
    })
  gauge({
    name: 'leadlight_database_bytes',
    help: 'Size of the file',
    look: async (it) => it.set((await sizes()).data),
  })
  gauge({
    name: 'leadlight_wal_bytes',
    help: 'Size of its log of writes',
    look: async (it) => it.set((await sizes()).log),
  })
  gauge({
    name: 'leadlight_visitors',
    help: 'Visitors by stage and qualification',
    labelNames: ['stage', 'qualification'],
    look: async (it) => {
      for (const { of: stage, end: qualification, n } of await views.aggregates({ kind: 'now', ...PRESENT }))
        it.inc({ stage, qualification }, n)
    },
  })
  new Counter({
    name: 'leadlight_rejected_total',
    help: 'Events and bodies that were not taken, by reason, ever',
    labelNames: ['reason'],
    registers,
    async collect() {
      this.reset()
      const { counts } = await views.rejected(1)
      for (const [reason, count] of Object.entries(counts)) this.inc({ reason }, count)
    },
  })
}
