/**
 * `POST /e` as every browser sends it, in front of the framework: most requests are these, and the way through the
 * framework costs as much as all the rest. What is in any way unusual is left to the route in events.ts; the answer is
 * the same on both ways.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { LIMITS } from '../ingest/limits.ts'
import type { Answer } from '../raw-body.ts'
import { BROKEN_OFF, textFrom } from './body.ts'
import { HEADERS } from './events.ts'
import { type Fault, headersOf, INTERNAL } from './failure.ts'
import { answerOf, createReceive, type ReceiveOptions } from './receive.ts'

export interface DirectOptions extends ReceiveOptions {
  readonly log: (problem: string) => void
}

/** Answers the request, or says no and leaves it untouched. */
export type Direct = (request: IncomingMessage, response: ServerResponse) => boolean

/** Headers that this way knows what to do with; a request with another one that is listed goes the long way. */
const READ = new Set([
  'host',
  'origin',
  'user-agent',
  'sec-purpose',
  'purpose',
  'x-moz',
  'sec-gpc',
  'dnt',
  'x-forwarded-for',
])
const UNUSUAL = new Set(['transfer-encoding', 'content-encoding', 'expect', 'upgrade'])
const HOST = /^[a-z0-9._-]+(?::\d{1,5})?$/

export const createDirect = ({ log, ...options }: DirectOptions): Direct => {
  const receive = createReceive(options)
  return (request, response) => {
    if (request.url !== '/e' || request.method !== 'POST') return false
    const said = readHeaders(request.rawHeaders)
    if (!said) return false
    const address = request.socket.remoteAddress
    receive({ kind: 'snippet', address, header: (name) => said.get(name), read: () => textOf(request) })
      .catch((error: unknown) => {
        log(error instanceof Error ? (error.stack ?? error.message) : String(error))
        return answerOf(INTERNAL)
      })
      .then((answer) => send(response, answer))
    return true
  }
}

type Said = ReadonlyMap<string, string>

/** Undefined where anything is other than browsers do it. */
const readHeaders = (raw: readonly string[]): Said | undefined => {
  const said = new Map<string, string>()
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]!.toLowerCase()
    if (UNUSUAL.has(name)) return undefined
    if (name === 'content-length' && Number(raw[i + 1]) > LIMITS.body) return undefined
    if (!READ.has(name)) continue
    if (said.has(name)) return undefined
    said.set(name, raw[i + 1]!)
  }
  return HOST.test(said.get('host') ?? '') ? said : undefined
}

/** Undefined where it broke off. */
const bytesOf = (request: IncomingMessage): Promise<Buffer | undefined> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)))
    request.on('error', () => resolve(undefined))
    request.on('close', () => resolve(undefined))
  })

const textOf = async (request: IncomingMessage): Promise<string | Fault> => {
  const bytes = await bytesOf(request)
  return bytes ? textFrom(bytes, undefined) : BROKEN_OFF
}

const send = (response: ServerResponse, { status, body }: Answer): void => {
  if (response.destroyed) return
  response.writeHead(status, { ...HEADERS, ...headersOf(status), 'content-length': Buffer.byteLength(body) })
  response.end(body)
}
