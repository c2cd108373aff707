/** Bundles the snippet and the dashboard into dist/. Fails when either is over its size budget. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const ROOT = dirname(fileURLToPath(import.meta.url))
const at = (...names) => join(ROOT, ...names)

/** Bytes of dist/leadlight.js as served, every option on. */
const BUDGET = { gzip: 4300, brotli: 3950 }

/** Bytes of the dashboard's first paint, gzip: page, style, script, and the largest of the languages. */
const FIRST_PAINT = 100_000

const common = { bundle: true, minify: true, target: 'es2022', legalComments: 'none', logLevel: 'warning' }

/** The script of the page. A second minifier, which looks across functions, takes another fiftieth off. */
export const bundleSnippet = async (plugins = []) => {
  const [{ build }, { minify }] = await Promise.all([import('esbuild'), import('uglify-js').then((m) => m.default)])
  const bundle = { ...common, minify: false, format: 'esm', write: false, plugins }
  const { outputFiles } = await build({ ...bundle, entryPoints: [at('snippet/script.ts')] })
  const compress = { passes: 5, pure_getters: true, keep_fargs: false, hoist_props: false, unsafe: true }
  const { code, error } = minify(outputFiles[0].text, { toplevel: true, module: true, compress })
  if (error) throw error
  return `(()=>{${code.replace(/;$/, '')}})()`
}

export const buildAll = async () => {
  const { build } = await import('esbuild')
  await mkdir(at('dist'), { recursive: true })
  await writeFile(at('dist/leadlight.js'), await bundleSnippet())
  await build({ ...common, entryPoints: [at('snippet/module.ts')], format: 'esm', outfile: at('dist/leadlight.mjs') })
  await copyFile(at('snippet/leadlight.d.mts'), at('dist/leadlight.d.mts'))
  await buildDashboard(build)
  const code = await readFile(at('dist/leadlight.js'))
  const gzip = gzipSync(code, { level: 9 }).length
  const brotli = brotliCompressSync(code, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length
  console.log(`leadlight.js  ${code.length} B, gzip ${gzip} B, brotli ${brotli} B`)
  if (gzip > BUDGET.gzip || brotli > BUDGET.brotli)
    throw new Error(`The snippet is over its budget of ${BUDGET.gzip} B gzip, ${BUDGET.brotli} B brotli.`)
}

/** Languages but English are files of their own, named by their hash: those of the build before are cleared away. */
const buildDashboard = async (build) => {
  await rm(at('dist/dashboard'), { recursive: true, force: true })
  const { metafile } = await build({
    ...common,
    entryPoints: [at('collector/dashboard/main.tsx')],
    format: 'esm',
    splitting: true,
    metafile: true,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    outdir: at('dist/dashboard'),
    chunkNames: '[name]-[hash]',
    absWorkingDir: ROOT,
  })
  const weigh = async (path) => gzipSync(await readFile(at(path)), { level: 9 }).length
  const isLanguage = (path) => /\/strings\//.test(metafile.outputs[path].entryPoint ?? '')
  const paths = Object.keys(metafile.outputs)
  const [languages, rest] = [paths.filter(isLanguage), paths.filter((path) => !isLanguage(path))]
  const first = (await Promise.all([...rest, 'collector/dashboard/index.html'].map(weigh))).reduce((a, b) => a + b)
  const total = first + Math.max(0, ...(await Promise.all(languages.map(weigh))))
  console.log(`dashboard     first paint gzip ${total} B, ${languages.length + 1} languages`)
  if (total > FIRST_PAINT) throw new Error(`The dashboard's first paint is over its budget of ${FIRST_PAINT} B gzip.`)
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
