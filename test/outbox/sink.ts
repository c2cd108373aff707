/** A receiver for tests: answers as it is told, and remembers every connection and request. */
import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'

export interface Received {
  readonly path: string
  readonly method: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface Sink {
  readonly url: string
  readonly port: number
  readonly received: Received[]
  readonly connections: () => number
  /** The servers' names that were asked for, one for each connection over TLS that named one. */
  readonly names: string[]
  /** Asked for each request, the n-th from 0; ends the answer itself. */
  answer: (response: ServerResponse, n: number, request: Received) => void
  readonly close: () => Promise<void>
}

export const ok = (response: ServerResponse): void => void response.writeHead(204).end()

/** With a certificate and its key, as PEM, it is `https://localhost`. */
export const openSink = async (certificate?: string): Promise<Sink> => {
  let connections = 0
  const received: Received[] = []
  const names: string[] = []
  const listener: RequestListener = async (request, response) => {
    let body = ''
    for await (const part of request.setEncoding('utf8')) body += part
    const { url: path = '', method = '', headers } = request
    received.push({ path, method, headers, body })
    sink.answer(response, received.length - 1, received.at(-1)!)
  }
  const SNICallback = (name: string, go: (error: null) => void): void => {
    names.push(name)
    go(null)
  }
  const server = certificate
    ? createTlsServer({ key: certificate, cert: certificate, SNICallback }, listener)
    : createServer(listener)
  server.on('connection', () => {
    connections += 1
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const sink: Sink = {
    url: `${certificate ? 'https://localhost' : 'http://127.0.0.1'}:${port}/hook`,
    port,
    received,
    names,
    connections: () => connections,
    answer: ok,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return sink
}
