/** Bundles the snippet and the dashboard into dist/. Fails when the snippet is over its size budget. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { copyFile, mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const ROOT = dirname(fileURLToPath(import.meta.url))
const at = (...names) => join(ROOT, ...names)

/** Bytes of dist/leadlight.js as served, every option on. */
const BUDGET = { gzip: 4750, brotli: 4350 }

const common = { bundle: true, minify: true, target: 'es2022', legalComments: 'none', logLevel: 'warning' }

export const buildAll = async () => {
  const { build } = await import('esbuild')
  await mkdir(at('dist'), { recursive: true })
  await build({ ...common, entryPoints: [at('snippet/script.ts')], format: 'iife', outfile: at('dist/leadlight.js') })
  await build({ ...common, entryPoints: [at('snippet/module.ts')], format: 'esm', outfile: at('dist/leadlight.mjs') })
  await copyFile(at('snippet/leadlight.d.mts'), at('dist/leadlight.d.mts'))
  await build({
    ...common,
    entryPoints: [at('collector/dashboard/main.tsx')],
    format: 'esm',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    outdir: at('dist/dashboard'),
  })
  const code = await readFile(at('dist/leadlight.js'))
  const gzip = gzipSync(code, { level: 9 }).length
  const brotli = brotliCompressSync(code, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length
  console.log(`leadlight.js  ${code.length} B, gzip ${gzip} B, brotli ${brotli} B`)
  if (gzip > BUDGET.gzip || brotli > BUDGET.brotli)
    throw new Error(`The snippet is over its budget of ${BUDGET.gzip} B gzip, ${BUDGET.brotli} B brotli.`)
}

const OUTPUTS = ['dist/leadlight.js', 'dist/dashboard/main.js', 'dist/dashboard/main.css']

/** Builds when a source is newer than what was built. */
export const buildIfStale = async () => {
  const built = Math.min(...OUTPUTS.map((name) => (existsSync(at(name)) ? statSync(at(name)).mtimeMs : 0)))
  if (built > newest(at('snippet'), at('collector/dashboard'), at('shared'))) return
  console.log('Building the snippet and the dashboard …')
  await buildAll()
}

const newest = (...folders) =>
  Math.max(
    ...folders.flatMap((folder) =>
      readdirSync(folder, { recursive: true }).map((name) => statSync(join(folder, name)).mtimeMs),
    ),
  )

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildAll()
