/** What becomes of a body that was sent, whichever way its request takes: who sends it, what it says, what it is told. */
import type { Peer } from '../address.ts'
import type { Meet } from '../callers.ts'
import type { Answer, RawBody } from '../raw-body.ts'
import type { Fault } from './failure.ts'

export interface ReceiveOptions {
  readonly take: (body: RawBody) => Promise<Answer>
  readonly meet: Meet
  readonly now: () => number
}

export interface Sent {
  readonly kind: RawBody['kind']
  readonly address: string | undefined
  /** A header by its name in lower case. */
  readonly header: (name: string) => string | undefined
  /** The body's text, or why it is not taken. Called for whom it is worth reading. */
  readonly read: () => Promise<string | Fault>
}

export type Receive = (sent: Sent) => Promise<Answer>

export const createReceive =
  ({ take, meet, now }: ReceiveOptions): Receive =>
  async ({ kind, address, header, read }) => {
    const received = now()
    const head = { kind, received, ...saidIn(header, kind) }
    const peer: Peer = { address, forwarded: header('x-forwarded-for') }
    const { ruling, stranger } = meet(peer, head.userAgent, received)
    if (ruling !== 'in') {
      // The first of many is listed, not each: a flood must not be able to make work.
      if (ruling === 'fresh') void take({ ...head, text: '', refused: TOO_OFTEN })
      return answerOf(TOO_OFTEN)
    }
    const text = await read()
    const body = typeof text === 'string' ? { text } : { text: '', refused: text }
    return take({ ...head, ...body, stranger })
  }

export const TOO_OFTEN: Fault = {
  status: 429,
  code: 'too_often',
  message: 'Too much comes from this network. Send it again later, or raise LEADLIGHT_RATE_ADDRESS.',
}

export const answerOf = ({ status, ...error }: Fault): Answer => ({ status, body: JSON.stringify({ error }) })

/** What the request says beside its body. */
const saidIn = (header: Sent['header'], kind: RawBody['kind']): Partial<RawBody> => ({
  origin: header('origin'),
  userAgent: header('user-agent'),
  purpose: header('sec-purpose') ?? header('purpose') ?? header('x-moz'),
  optedOut: header('sec-gpc') === '1' || header('dnt') === '1',
  ...(kind !== 'snippet' && { key: keyIn(header('authorization')) }),
})

/** The user name of Basic credentials, as every Segment SDK sends its write key; or a bearer token. */
const keyIn = (authorization: string | undefined): string | undefined => {
  const [, scheme, value] = /^(basic|bearer) +(\S+)$/i.exec(authorization ?? '') ?? []
  if (value === undefined) return undefined
  return scheme!.toLowerCase() === 'bearer' ? value : Buffer.from(value, 'base64').toString('utf8').split(':')[0]
}
