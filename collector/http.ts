/** The HTTP server: what it bears of strangers, its start, and a stop that lets requests under way end. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { serve as listen } from '@hono/node-server'
import { type Config, ConfigError } from './config.ts'

/** In ms. A slow socket is gone after the longest of these and one more look. */
const PATIENCE = {
  headersTimeout: 10_000,
  requestTimeout: 25_000,
  keepAliveTimeout: 30_000,
  connectionsCheckingInterval: 2000,
} as const
/** Connections at once, open streams included: well below the number of files that a process may open. */
const MOST_CONNECTIONS = 4000
/** How long answers under way may take when stopping, in ms. */
const DRAIN = 8000

/** Heard by who asks for `localhost`. */
const LOCAL = new Set(['127.0.0.1', '0.0.0.0', '::'])

export interface Http {
  /** As seen from this machine. */
  readonly url: string
  readonly port: number
  /** Takes no more, and ends when what was under way has been answered. */
  readonly shut: () => Promise<void>
}

export interface Handlers {
  readonly fetch: Parameters<typeof listen>[0]['fetch']
  /** Asked first; where it says no, `fetch` answers. */
  readonly direct: (request: IncomingMessage, response: ServerResponse) => boolean
}

export const openHttp = ({ fetch, direct }: Handlers, { port, host }: Config): Promise<Http> =>
  new Promise((resolve, reject) => {
    const create = ((options: object, answer: (request: IncomingMessage, response: ServerResponse) => void) =>
      createServer(options, (request, response) => {
        if (!direct(request, response)) answer(request, response)
      })) as typeof createServer
    const options = { fetch, port, hostname: host, serverOptions: PATIENCE, createServer: create }
    const server = listen(options, (address) => {
      const name = LOCAL.has(host) ? 'localhost' : host.includes(':') ? `[${host}]` : host
      resolve({ url: `http://${name}:${address.port}`, port: address.port, shut: () => shut(server) })
    }) as Server
    server.maxConnections = MOST_CONNECTIONS
    server.on('error', (error: NodeJS.ErrnoException) => reject(cureFor(error, { port, host })))
  })

const cureFor = (error: NodeJS.ErrnoException, { port, host }: Pick<Config, 'port' | 'host'>): Error => {
  const next = port < 65535 ? port + 1 : 8787
  if (error.code === 'EADDRINUSE')
    return new ConfigError(`Port ${port} is in use. Stop what uses it, or start with PORT=${next}.`)
  if (error.code === 'EACCES')
    return new ConfigError(`Port ${port} may not be opened by this user. Start with PORT=${Math.max(next, 8787)}.`)
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    return new ConfigError(`HOST ${host} is no address of this machine. Start with HOST=127.0.0.1.`)
  return error
}

/** Lets requests under way end, but not for ever. */
const shut = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    // A connection kept alive would go on asking: each answer from now on is its last.
    server.prependListener('request', (_, response: ServerResponse) => {
      response.shouldKeepAlive = false
    })
    const sweep = setInterval(() => server.closeIdleConnections(), 100)
    const force = setTimeout(() => server.closeAllConnections(), DRAIN)
    server.close(() => {
      clearInterval(sweep)
      clearTimeout(force)
      resolve()
    })
  })
