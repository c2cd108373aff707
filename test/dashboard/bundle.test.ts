/** What the browser gets: small, and nothing of the core but its types. */
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { expect, it } from 'vitest'

const ALLOWED = /collector\/dashboard\/|shared\/(lexicon|page-rule)\.ts$|node_modules\/(preact|@preact)\//

it('is under 100 KB and carries neither zod nor the core, but for two small files', async () => {
  const entry = new URL('../../collector/dashboard/main.tsx', import.meta.url).pathname
  const { outputFiles, metafile } = await build({
    ...{ entryPoints: [entry], outdir: '/', write: false, bundle: true, minify: true, metafile: true },
    ...{ format: 'esm', target: 'es2022', jsx: 'automatic', jsxImportSource: 'preact' },
  })
  expect(Object.keys(metafile.inputs).filter((path) => !ALLOWED.test(path))).toEqual([])
  const size = outputFiles.reduce((sum, { contents }) => sum + gzipSync(contents).length, 0)
  expect(size).toBeGreaterThan(1000)
  expect(size).toBeLessThan(100_000)
})
