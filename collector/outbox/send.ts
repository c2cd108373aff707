/** Sends one request to a checked, pinned address, once, within bounds of time and size. Never throws. */
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { type DestinationOptions, findDestination } from './destination.ts'
import type { OutgoingRequest, Reply } from './plan.ts'

/** For everything: a receiver that dribbles is as slow as one that says nothing. In ms. */
const PATIENCE = 15_000
/** Characters of an answer that are read: plans look into small JSON documents. */
const LONGEST = 65_536

export interface SendOptions extends DestinationOptions {
  readonly patience?: number
}

export type Send = (request: OutgoingRequest) => Promise<Reply>

export const createSend =
  ({ patience = PATIENCE, ...destinations }: SendOptions): Send =>
  async (outgoing) => {
    const destination = await findDestination(outgoing.url, destinations)
    if (destination.refused !== undefined) return { failure: destination.refused }
    const { url, pinned } = destination
    const { method, headers, body = '' } = outgoing
    const start = url.protocol === 'https:' ? httpsRequest : httpRequest
    const [first] = pinned
    return new Promise((resolve) => {
      const signal = AbortSignal.timeout(patience)
      const request = start(url, {
        method,
        headers: { ...headers, 'content-length': Buffer.byteLength(body), 'user-agent': 'Leadlight' },
        agent: false, // a connection kept from before would be to an address checked then
        signal,
        lookup: (_, { all }, callback) =>
          all ? callback(null, [...pinned]) : callback(null, first!.address, first!.family),
      })
      const fail = (error: Error): void =>
        resolve({ failure: signal.aborted ? `no answer within ${patience / 1000} s` : failureOf(error) })
      request.on('error', fail)
      request.on('response', (response) => read(response).then(resolve, fail))
      request.end(body)
    })
  }

const read = async (response: IncomingMessage): Promise<Reply> => {
  const headers = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : `${value}`,
    ]),
  )
  let text = ''
  response.setEncoding('utf8')
  for await (const part of response) {
    text += part
    if (text.length > LONGEST) break
  }
  response.destroy()
  return { status: response.statusCode!, headers, text: text.slice(0, LONGEST) }
}

/** What Node's codes mean that whoever set up the receiver can do something about. */
const MEANINGS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  EPROTO: 'no TLS could be agreed on',
}
/** Of a certificate whose signer is not known: there are many words for it, by where in the chain that was noticed. */
const IS_UNSIGNED =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(GET_ISSUER_CERT|VERIFY_LEAF)\w*)$/

/** In words, without what the other side said: its words do not belong in our tables. */
const failureOf = ({ code }: Error & { code?: string }): string => {
  if (code === undefined) return 'the connection failed'
  const meaning = IS_UNSIGNED.test(code) ? 'its certificate is signed by nobody who is trusted here' : MEANINGS[code]
  return `the connection failed (${code})${meaning ? `: ${meaning}` : ''}`
}
