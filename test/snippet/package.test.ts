/** The package entry: its types as shipped, and that it can be loaded on a server. */
import { expect, it } from 'vitest'
import type * as shipped from '../../snippet/leadlight.d.mts'
import * as entry from '../../snippet/module.ts'

it('ships types that are those of the package', () => {
  // What is checked here is checked by the compiler.
  const asShipped: typeof shipped = entry
  expect(Object.keys(asShipped).sort()).toEqual(
    ['consent', 'identify', 'init', 'media', 'on', 'page', 'reset', 'stop', 'track'].sort(),
  )
})

it('can be loaded where there is no page, as when a server renders one, and does nothing there', () => {
  expect(typeof document).toBe('undefined')
  entry.track('before')
  expect(() => entry.init({ site: 'site', endpoint: 'https://collector.example' })).not.toThrow()
})
