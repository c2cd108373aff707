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
export const askCollector = async <Body>(address: Address, { method, path, body }: Question): Promise<Body> => {
  const { port, token } = address
  const host = address.host === '0.0.0.0' ? '127.0.0.1' : address.host
  const headers = { authorization: `Bearer ${token}` }
  const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) }
  const answer = await fetch(`http://${host}:${port}${path}`, init).catch(() => {
    throw new CommandError(`No collector answers at ${host}:${port}. Start it with npm start first.`)
  })
  if (answer.ok) return (await answer.json()) as Body
  if (answer.status === 401)
    throw new CommandError('The collector refused the admin token. Is DATABASE_URL the one it runs with?')
  const failure = Failure.safeParse(await answer.json().catch(() => undefined))
  throw new CommandError(failure.success ? sentenceOf(failure.data) : `The collector answered ${answer.status}.`)
}

const sentenceOf = ({ error }: Failure): string => {
  const details = Details.safeParse(error.details)
  return [
    error.message,
    ...(details.success ? details.data : []).map((each) => `  ${each.path}: ${each.message}`),
  ].join('\n')
}

const Details = z.array(z.object({ path: z.string(), message: z.string() }))
