/** Signs what is sent, by Standard Webhooks 1.0: with every secret that is valid, so that a receiver can change over. */
import { randomBytes } from 'node:crypto'
import { Webhook } from 'standardwebhooks'

/** A secret, and until when it is used; for ever where that is left out. */
export interface Secret {
  readonly value: string
  readonly until?: number | undefined
}

/** How long the old secret goes on beside the new one, in ms. */
export const OVERLAP = 24 * 3_600_000

export const newSecret = (): Secret => ({ value: `whsec_${randomBytes(32).toString('base64')}` })

/** The new one in front, the ones before for a while. */
export const rotated = (secrets: readonly Secret[], now: number): readonly Secret[] => [
  newSecret(),
  ...secrets
    .filter(({ until }) => until === undefined || until > now)
    .map(({ value, until }) => ({ value, until: until ?? now + OVERLAP }))
    .slice(0, 2),
]

export interface Signed {
  readonly id: string
  readonly now: number
  readonly body: string
}

export const signatureHeaders = (
  { id, now, body }: Signed,
  secrets: readonly Secret[],
): Readonly<Record<string, string>> => {
  const valid = secrets.filter(({ until }) => until === undefined || until > now)
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now / 1000)),
    'webhook-signature': valid.map(({ value }) => new Webhook(value).sign(id, new Date(now), body)).join(' '),
  }
}
