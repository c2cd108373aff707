/** The package entry: its types as shipped, and that it can be loaded on a server. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
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

it('is found by the name of the package, types and all, once it is built', () => {
  const path = join(import.meta.dirname, '../../package.json')
  const { exports, files } = JSON.parse(readFileSync(path, 'utf8'))
  const made = readFileSync(join(dirname(path), 'build.mjs'), 'utf8')
  for (const file of ['dist/leadlight.mjs', 'dist/leadlight.d.mts']) expect(made).toContain(`at('${file}')`)
  expect(exports['.']).toEqual({ types: './dist/leadlight.d.mts', default: './dist/leadlight.mjs' })
  expect(files).toContain('dist')
  expect(createRequire(path).resolve('leadlight/package.json')).toBe(path)
})

it('can be loaded where there is no page, as when a server renders one, and does nothing there', () => {
  expect(typeof document).toBe('undefined')
  entry.track('before')
  expect(() => entry.init({ site: 'site', endpoint: 'https://collector.example' })).not.toThrow()
})
