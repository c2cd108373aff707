/** A stream of server-sent events that ends with its reader, and leaves nothing running. */
import type { Context } from 'hono'
import { type SSEStreamingApi, streamSSE } from 'hono/streaming'

/** Milliseconds after which a browser that lost the stream is to come back. */
const RETRY = 2000

export interface Telling {
  readonly stream: SSEStreamingApi
  /** The reader has gone. */
  readonly gone: AbortSignal
  /** Does something again and again while the stream lasts. */
  readonly every: (ms: number, work: () => Promise<unknown>) => void
}

export const openStream = (c: Context, tell: (telling: Telling) => Promise<void>): Response => {
  // Nobody reads the body of a HEAD, so nobody would end the stream either.
  if (c.req.method === 'HEAD') return c.body(null, 200, { 'content-type': 'text/event-stream' })
  c.header('x-accel-buffering', 'no')
  return streamSSE(c, async (stream) => {
    const gone = new AbortController()
    const timers: NodeJS.Timeout[] = []
    stream.onAbort(() => gone.abort())
    try {
      await stream.write(`retry: ${RETRY}\n\n`)
      const every: Telling['every'] = (ms, work) => timers.push(setInterval(() => work().catch(() => gone.abort()), ms))
      await tell({ stream, gone: gone.signal, every })
    } finally {
      timers.forEach(clearInterval)
    }
  })
}
