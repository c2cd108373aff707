/** Which origin is the collector's own, by what is configured and what a proxy says. */
import { expect, it } from 'vitest'
import { createPublicOrigin } from '../../collector/public-origin.ts'

const asked = (headers: Record<string, string>) => (name: string) => headers[name]
const forwarded = { host: '10.0.0.7:8787', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'leads.example' }

it.each([
  ['what the owner says', { publicUrl: 'https://own.example/x', trustsProxy: true }, forwarded, 'https://own.example'],
  ['what a trusted proxy says', { publicUrl: undefined, trustsProxy: true }, forwarded, 'https://leads.example'],
  ['nothing that a stranger says', { publicUrl: undefined, trustsProxy: false }, forwarded, undefined],
  [
    'the first of a chain of proxies',
    { publicUrl: undefined, trustsProxy: true },
    { ...forwarded, 'x-forwarded-host': 'leads.example, inner.example' },
    'https://leads.example',
  ],
  [
    'the host itself behind a bare proxy',
    { publicUrl: undefined, trustsProxy: true },
    { host: 'a.example' },
    'http://a.example',
  ],
  [
    'nothing that is no host',
    { publicUrl: undefined, trustsProxy: true },
    { ...forwarded, 'x-forwarded-host': 'a b<script>' },
    undefined,
  ],
] as const)('believes %s', (_, options, headers, origin) => {
  expect(createPublicOrigin(options)(asked(headers))).toBe(origin)
})
