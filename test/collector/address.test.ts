/** Whose address counts, and with whom it is counted. */
import { describe, expect, it } from 'vitest'
import { createAddressOf, networkOf } from '../../collector/address.ts'

describe('the address of whoever asks', () => {
  it.each([
    [0, '203.0.113.9', undefined, '203.0.113.9'],
    [0, '::ffff:203.0.113.9', undefined, '203.0.113.9'],
    // What a stranger writes of themselves is not believed.
    [0, '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    // A neighbour who speaks for others is a proxy nobody told of: its address is not theirs.
    [0, '127.0.0.1', '198.51.100.1', undefined],
    [0, '172.17.0.1', '198.51.100.1', undefined],
    [0, '127.0.0.1', undefined, '127.0.0.1'],
    [1, '127.0.0.1', '198.51.100.1', '198.51.100.1'],
    [1, '127.0.0.1', '10.9.9.9, 198.51.100.1', '198.51.100.1'],
    [1, '127.0.0.1', '198.51.100.1:4711', '198.51.100.1'],
    [1, '127.0.0.1', '[2001:db8::1]:443', '2001:db8::1'],
    [2, '127.0.0.1', '6.6.6.6, 198.51.100.1, 203.0.113.9', '198.51.100.1'],
    [2, '127.0.0.1', '203.0.113.9', undefined],
    [1, '127.0.0.1', 'unknown', undefined],
    [1, '127.0.0.1', '', undefined],
    [1, '203.0.113.9', undefined, '203.0.113.9'],
    [0, undefined, undefined, undefined],
  ] as const)('behind %d proxies, from %s, forwarded for %s: %s', (proxies, address, forwarded, expected) => {
    expect(createAddressOf(proxies)({ address, forwarded })).toBe(expected)
  })
})

describe('is counted with its network', () => {
  it.each([
    ['203.0.113.9', '203.0.113.200', true],
    ['203.0.113.9', '203.0.114.9', false],
    ['2001:db8:1:2::1', '2001:db8:1:ffff::9', true],
    ['2001:db8:1::1', '2001:db8:2::1', false],
    ['::ffff:203.0.113.9', '203.0.113.1', true],
  ])('%s and %s: %s', (a, b, expected) => {
    expect(networkOf(a) === networkOf(b)).toBe(expected)
    expect(networkOf(a)).toBeDefined()
  })

  it.each(['127.0.0.1', '::1', '::ffff:127.0.0.1', 'rubbish', ''])('not %s', (address) => {
    expect(networkOf(address)).toBeUndefined()
  })
})
