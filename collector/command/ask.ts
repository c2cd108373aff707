/** Asks the running collector, as the administrator. */
import { z } from 'zod'
import { Failure } from '../../shared/answer.ts'
import { CommandError } from './terminal.ts'

export interface Question {
  readonly method: string
  readonly path: string
  readonly body: unknown
}

export interface Address {
  readonly host: string
  readonly port: number
  readonly token: string
}

/** Rejects with `CommandError` when it refuses, or does not answer. */
export const askCollector = async <Body>(address: Address, question: Question): Promise<Body> => {
  const answer = await fetchFrom(address, question)
  if (answer.status === 204) return undefined as Body
  if (answer.ok) return (await answer.json()) as Body
  throw await refusalIn(answer)
}

/** The same for events: undefined where the collector cannot write at present, and the same may go through later. */
export const postEvents = async (address: Address, question: Question): Promise<unknown> => {
  const answer = await fetchFrom(address, question)
  if (answer.ok) return answer.json()
  if (answer.status === 503 || answer.status === 429) return undefined
  throw await refusalIn(answer)
}

/** Its answer piece by piece. */
export const download = async (address: Address, question: Question): Promise<AsyncIterable<Uint8Array>> => {
  const answer = await fetchFrom(address, question)
  if (answer.ok && answer.body) return whole(answer.body)
  throw await refusalIn(answer)
}

async function* whole(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader()
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value
  } catch {
    throw new CommandError('The connection broke off, so the file is not whole. Run the command again.')
  }
}

/** How this machine reaches a collector that listens at a host, as an address names it. */
export const nearOf = (host: string): string => {
  if (host === '0.0.0.0') return '127.0.0.1'
  return host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host
}

const fetchFrom = (address: Address, { method, path, body }: Question): Promise<Response> => {
  const { port, token } = address
  const host = nearOf(address.host)
  const headers = { authorization: `Bearer ${token}` }
  const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) }
  return fetch(`http://${host}:${port}${path}`, init).catch(() => {
    throw new CommandError(`No collector answers at ${host}:${port}. Start it with npm start first.`)
  })
}

const refusalIn = async (answer: Response): Promise<CommandError> => {
  if (answer.status === 401)
    return new CommandError('The collector refused the token. Is DATABASE_URL the one it runs with, or the key right?')
  const failure = Failure.safeParse(await answer.json().catch(() => undefined))
  return new CommandError(failure.success ? sentenceOf(failure.data) : `The collector answered ${answer.status}.`)
}

const sentenceOf = ({ error }: Failure): string => {
  const details = Details.safeParse(error.details)
  return [
    error.message,
    ...(details.success ? details.data : []).map((each) => `  ${each.path}: ${each.message}`),
  ].join('\n')
}

const Details = z.array(z.object({ path: z.string(), message: z.string() }))
