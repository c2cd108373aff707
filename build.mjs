/** Bundles the snippet and the dashboard into dist/. Fails when the snippet is over its size budget. */

import { existsSync } from 'node:fs'
import { copyFile, mkdir, readFile } from 'node:fs/promises'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { build } from 'esbuild'

/** Bytes of dist/leadlight.js as served, every option on. */
const BUDGET = { gzip: 5100, brotli: 4700 }

const bundle = { bundle: true, minify: true, target: 'es2022', legalComments: 'none', logLevel: 'warning' }

await mkdir('dist', { recursive: true })
if (existsSync('snippet/script.ts')) {
  await build({ ...bundle, entryPoints: ['snippet/script.ts'], format: 'iife', outfile: 'dist/leadlight.js' })
  await build({ ...bundle, entryPoints: ['snippet/module.ts'], format: 'esm', outfile: 'dist/leadlight.mjs' })
  await copyFile('snippet/leadlight.d.mts', 'dist/leadlight.d.mts')
  const code = await readFile('dist/leadlight.js')
  const size = {
    gzip: gzipSync(code, { level: 9 }).length,
    brotli: brotliCompressSync(code, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length,
  }
  console.log(`leadlight.js  ${code.length} B, gzip ${size.gzip} B, brotli ${size.brotli} B`)
  if (size.gzip > BUDGET.gzip || size.brotli > BUDGET.brotli) {
    console.error(`The snippet is over its budget of ${BUDGET.gzip} B gzip, ${BUDGET.brotli} B brotli.`)
    process.exitCode = 1
  }
}
if (existsSync('collector/dashboard/main.tsx')) {
  await build({
    ...bundle,
    entryPoints: ['collector/dashboard/main.tsx'],
    format: 'esm',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    outdir: 'dist/dashboard',
  })
}
