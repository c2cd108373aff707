/** A state survives being written down, whatever it holds. */
import { describe, expect, it } from 'vitest'
import { pack, unpack } from '../../shared/pack.ts'
import { identify, page, read, told, track } from './given.ts'

describe('a packed state', () => {
  const { state } = told(
    [
      page(0, 'article', { view: 'unread', topic: 'backup', seconds: 3 }),
      page(0, undefined, { view: 'plain' }),
      page(0, undefined, { view: 'topic only', topic: 'restore' }),
      read(0.1, 'case_study'),
      page(1, 'pricing', { url: 'https://x.example/pricing?utm_medium=email', referrer: 'https://y.example/' }),
      track(1, 'cart_add'),
      identify(1),
      track(2, 'purchase'),
    ],
    3,
  )

  it('is the same when it is unpacked', () => {
    expect(state.open.some(({ unread }) => unread)).toBe(true)
    expect(unpack(JSON.parse(JSON.stringify(pack(state))))).toEqual(JSON.parse(JSON.stringify(state)))
  })

  it('is smaller than as it stands', () =>
    expect(JSON.stringify(pack(state)).length).toBeLessThan(JSON.stringify(state).length))
})
