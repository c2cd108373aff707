/** A stream of server-sent events that ends with its reader, or with its patience, and leaves nothing running. */
import type { Context } from 'hono'
import { type SSEStreamingApi, streamSSE } from 'hono/streaming'

/** Milliseconds after which a browser that lost the stream is to come back. */
const RETRY = 2000
/** How long, in ms, a message may wait for a reader who does not read. */
const PATIENCE = 20_000

export interface Telling {
  readonly stream: Pick<SSEStreamingApi, 'write' | 'writeSSE'>
  /** The reader has gone. */
  readonly gone: AbortSignal
  /** Does something again and again while the stream lasts. */
  readonly every: (ms: number, work: () => Promise<unknown>) => void
}

export interface StreamOptions {
  /** Says that a reader was cut off. */
  readonly log: (problem: string) => void
  readonly patience?: number
}

/** Cut off is who does not read: what waits for them must not pile up. */
export const openStream = (
  c: Context,
  tell: (telling: Telling) => Promise<void>,
  { log, patience = PATIENCE }: StreamOptions,
): Response => {
  // Nobody reads the body of a HEAD, so nobody would end the stream either.
  if (c.req.method === 'HEAD') return c.body(null, 200, { 'content-type': 'text/event-stream' })
  c.header('x-accel-buffering', 'no')
  return streamSSE(c, async (stream) => {
    const gone = new AbortController()
    const timers: NodeJS.Timeout[] = []
    stream.onAbort(() => gone.abort())
    const cutOff = (): void => {
      if (gone.signal.aborted) return
      log(`A reader of ${c.req.routePath} had not read for ${patience / 1000} s and was cut off.`)
      gone.abort()
      // What waits to be read would keep the connection open.
      ;(c.env as { outgoing?: { destroy: () => void } } | undefined)?.outgoing?.destroy()
    }
    /** Waits until it was read, but not for ever: nobody else ends what waits for a reader who has gone. */
    const inTime = <Result>(written: Promise<Result>): Promise<Result> =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          cutOff()
          reject(new Error('cut off'))
        }, patience)
        written.then(resolve, reject).finally(() => clearTimeout(timer))
      })
    try {
      await stream.write(`retry: ${RETRY}\n\n`)
      const every: Telling['every'] = (ms, work) => timers.push(setInterval(() => work().catch(() => gone.abort()), ms))
      const patient = {
        write: (text: string | Uint8Array<ArrayBuffer>) => inTime(stream.write(text)),
        writeSSE: (message: Parameters<SSEStreamingApi['writeSSE']>[0]) => inTime(stream.writeSSE(message)),
      }
      await tell({ stream: patient, gone: gone.signal, every })
    } catch (error) {
      if (!gone.signal.aborted) throw error
    } finally {
      timers.forEach(clearInterval)
    }
  })
}
