#!/usr/bin/env node
/** Starts the command line, under the project's own Node when the machine's is too old to run TypeScript files. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const [major, minor] = process.versions.node.split('.').map(Number)

if (major > 22 || (major === 22 && minor >= 18)) {
  const { main } = await import('./cli.ts')
  await main(process.argv.slice(2))
} else {
  const packaged = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url))
  if (!existsSync(packaged)) {
    console.error(`Leadlight needs Node 22.18 or newer; this is ${process.versions.node}. Install one, or run npm ci.`)
    process.exit(1)
  }
  const child = spawn(packaged, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => child.kill(signal))
  child.on('exit', (status) => process.exit(status ?? 1))
}
