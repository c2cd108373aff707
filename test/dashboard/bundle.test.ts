/** What the browser gets: small, and nothing of the core but its types and two files that import nothing. */
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { expect, it } from 'vitest'

const ALLOWED =
  /collector\/dashboard\/|shared\/(lexicon|page-rule)\.ts$|node_modules\/(preact|@preact|@tanstack\/virtual-core)\//

it('is under 100 KB with the largest of its languages, and carries neither zod nor the rest of the core', async () => {
  const entry = new URL('../../collector/dashboard/main.tsx', import.meta.url).pathname
  const { outputFiles, metafile } = await build({
    ...{ entryPoints: [entry], outdir: '/', write: false, bundle: true, minify: true, metafile: true },
    ...{ format: 'esm', target: 'es2022', splitting: true, jsx: 'automatic', jsxImportSource: 'preact' },
  })
  expect(Object.keys(metafile.inputs).filter((path) => !ALLOWED.test(path))).toEqual([])
  const sizes = outputFiles.map(({ path, contents }) => [path, gzipSync(contents).length] as const)
  const languages = sizes.filter(([path]) => /\/(de|es|fr|ja|pt)-\w+\.js$/.test(path)).map(([, size]) => size)
  expect(languages).toHaveLength(5)
  const all = sizes.reduce((sum, [, size]) => sum + size, 0)
  const first = all - languages.reduce((sum, size) => sum + size, 0) + Math.max(...languages)
  expect(first).toBeGreaterThan(1000)
  expect(first).toBeLessThan(100_000)
})
