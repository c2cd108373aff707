/** A line to a collector that does to requests what it is told: loses them, answers in its stead, repeats them. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

/** `lost` on the way there, `unanswered` on the way back, `twice` by a line that repeats itself. */
export type Fate =
  | 'passed'
  | 'lost'
  | 'unanswered'
  | 'twice'
  | { readonly status: number; readonly retryAfter?: number }

export interface BadLine {
  readonly url: string
  /** The fates so far. */
  readonly fates: readonly Fate[]
  readonly stop: () => Promise<void>
}

const bytesOf = async (request: IncomingMessage): Promise<Buffer> => Buffer.concat(await request.toArray())

export const openBadLine = async (to: string, fateOf: (n: number, body: string) => Fate): Promise<BadLine> => {
  const fates: Fate[] = []

  const forward = async ({ method, url, headers }: IncomingMessage, body: Buffer) => {
    const { host: _, connection: __, 'content-length': ___, 'transfer-encoding': ____, ...kept } = headers
    const answer = await fetch(to + url, {
      method: method!,
      headers: kept as Record<string, string>,
      body: body.length > 0 ? new Uint8Array(body) : null,
    })
    return { status: answer.status, headers: answer.headers, body: Buffer.from(await answer.arrayBuffer()) }
  }

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bytesOf(request)
    const fate = request.method === 'POST' ? fateOf(fates.length, body.toString()) : 'passed'
    if (request.method === 'POST') fates.push(fate)
    if (typeof fate === 'object') {
      if (fate.retryAfter !== undefined) response.setHeader('retry-after', fate.retryAfter)
      return void response.writeHead(fate.status).end('{}')
    }
    if (fate === 'lost') return void request.socket.destroy()
    if (fate === 'twice') await forward(request, body)
    const answer = await forward(request, body)
    if (fate === 'unanswered') return void request.socket.destroy()
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' })
    response.end(answer.body)
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => request.socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    fates,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
