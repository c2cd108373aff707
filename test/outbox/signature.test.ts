/** What is sent can be told from what others send. */
import { createHmac } from 'node:crypto'
import { expect, it } from 'vitest'
import { newSecret, OVERLAP, rotated, signatureHeaders } from '../../collector/outbox/signature.ts'

const NOW = Date.UTC(2026, 5, 1, 12) + 789
const secret = { value: `whsec_${Buffer.from('k'.repeat(32)).toString('base64')}` }
const signed = { id: 'msg_1', now: NOW, body: '{"type":"lead.handoff"}' }

it('is signed by Standard Webhooks 1.0: HMAC-SHA256 of id, timestamp and body', () => {
  const seconds = Math.floor(NOW / 1000)
  const mac = createHmac('sha256', 'k'.repeat(32)).update(`msg_1.${seconds}.${signed.body}`).digest('base64')
  expect(signatureHeaders(signed, [secret])).toEqual({
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(seconds),
    'webhook-signature': `v1,${mac}`,
  })
})

it('by the new secret and by the one before, until that is over', () => {
  const secrets = rotated([secret], NOW)
  const count = (now: number) => signatureHeaders({ ...signed, now }, secrets)['webhook-signature']!.split(' ').length
  expect(secrets).toHaveLength(2)
  expect(count(NOW)).toBe(2)
  expect(count(NOW + OVERLAP - 1)).toBe(2)
  expect(count(NOW + OVERLAP)).toBe(1)
  expect(rotated(secrets, NOW + OVERLAP)).toHaveLength(2)
})

it('with 32 bytes that nobody can guess', () => {
  expect(Buffer.from(newSecret().value.slice('whsec_'.length), 'base64')).toHaveLength(32)
  expect(newSecret().value).not.toBe(newSecret().value)
})
