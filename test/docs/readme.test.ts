/** What README and the snippet's guide say of its size is what was built. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const text = (path: string): string => readFileSync(join(ROOT, path), 'utf8')
const gzip = gzipSync(readFileSync(join(ROOT, 'dist/leadlight.js')), { level: 9 }).length

it('README tells the snippet’s size', () => {
  expect(/One script tag of ([\d.]+) KB \(gzip\)/.exec(text('README.md'))?.[1]).toBe((gzip / 1000).toFixed(1))
})

it('its guide tells it to the byte', () => {
  expect(text('docs/snippet.md')).toContain(`**${gzip.toLocaleString('en')} / `)
})
