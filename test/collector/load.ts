/** Clients that send without pause, and remember of each event what they were told. */
import { BROWSER, beacon } from './collector.ts'

export interface Told {
  /** Answered 200: must be there, once. */
  readonly acked: Set<string>
  /** Sent, and no answer came: may be there, at most once. */
  readonly unknown: Set<string>
  /** Put off with a 503, and not sent again. */
  readonly putOff: Set<string>
  /** Statuses other than 200, with how often each came. */
  readonly refusals: Map<number, number>
  /** Answers that refused for a while and did not say for how long. */
  impatient: number
}

export interface Load {
  readonly told: Told
  /** Requests under way. */
  readonly underWay: () => number
  /** Ends when every request under way has ended. */
  readonly stop: () => Promise<void>
}

export interface LoadOptions {
  /** Several: what each visitor does comes to all of them. */
  readonly url: string | readonly string[]
  readonly key: string
  /** Goes into every id, so that no two loads share any. */
  readonly name: string
  readonly clients?: number
  readonly told?: Told
  /** Sends what was put off, or not answered, until it is answered. */
  readonly persists?: boolean
}

export const nothingTold = (): Told => ({
  acked: new Set(),
  unknown: new Set(),
  putOff: new Set(),
  refusals: new Map(),
  impatient: 0,
})

/** What the nth visit tells: pages, downloads, forms, names that make people one, and what comes late. */
const deeds = (n: number, name: string): readonly object[] => {
  const visitor = n % 40
  const at = Date.now() - (n % 5 === 0 ? 3_600_000 * (n % 20) : 0)
  const view = `view-${n}`
  const page = { type: 'page', at, view, url: 'https://www.acme.example/pricing', signal: 'pricing', funnel: 'bofu' }
  const engagement = { type: 'engagement', at: at + 10, view, seconds: 40, scroll: 90 }
  if (n % 11 === 0) return [{ type: 'form', at, form: 'demo', step: 'submit', signal: 'demo_request' }, page]
  // Every two visitors turn out to be one.
  if (n % 13 === 0) return [{ type: 'identify', at, traits: { email: `${name}.${visitor >> 1}@acme.example` } }, page]
  if (n % 7 === 0) return [page, engagement, { type: 'download', at: at + 20, url: 'https://www.acme.example/a.pdf' }]
  return [page, engagement]
}

export const startLoad = (options: LoadOptions): Load => {
  const { key, name, clients = 12, told = nothingTold(), persists = false } = options
  const urls = typeof options.url === 'string' ? [options.url] : options.url
  let [n, underWay, isStopped] = [0, 0, false]
  const kept: (readonly [body: string, ids: readonly string[]])[] = []

  const next = (): readonly [body: string, ids: readonly string[]] => {
    n += 1
    // One in ten is sent again: by a client that missed the answer, say.
    const again = n % 10 === 0 ? kept[n % kept.length] : undefined
    if (again) return again
    const events = deeds(n, name).map((deed, i) => ({ ...deed, id: `${name}-${n}-${i}` }))
    const made = [beacon(key, events, { visitor: `${name}-${n % 40}` }), events.map(({ id }) => id)] as const
    kept[n % 50] = made
    return made
  }

  const note = (status: number, retryAfter: string | null, ids: readonly string[]): void => {
    if (status === 200) for (const id of ids) told.acked.add(id)
    else told.refusals.set(status, (told.refusals.get(status) ?? 0) + 1)
    if (status === 503) for (const id of ids) told.putOff.add(id)
    if (status === 503 && !retryAfter) told.impatient += 1
  }

  /** Whether it was answered. */
  const send = async (url: string, body: string, ids: readonly string[]): Promise<boolean> => {
    underWay += 1
    try {
      const answer = await fetch(`${url}/e`, { method: 'POST', body, headers: BROWSER })
      await answer.text()
      note(answer.status, answer.headers.get('retry-after'), ids)
      return answer.status !== 503
    } catch {
      for (const id of ids) told.unknown.add(id)
      return false
    } finally {
      underWay -= 1
    }
  }

  const run = async (): Promise<void> => {
    while (!isStopped) {
      const [body, ids] = next()
      // Every visitor comes to each of them in turn, and what is sent again mostly to another than before.
      const turn = n + Math.floor(n / 40)
      for (let tries = 0; !(await send(urls[(turn + tries) % urls.length]!, body, ids)); tries += 1) {
        await new Promise((resolve) => setTimeout(resolve, 20))
        if (!persists || isStopped) break
      }
    }
  }

  const running = Promise.all(Array.from({ length: clients }, run))
  return {
    told,
    underWay: () => underWay,
    stop: async () => {
      isStopped = true
      await running
    },
  }
}
