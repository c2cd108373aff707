/**
 * The collector as it is: writer thread, SQLite, each answer after its sync. Takes the folder of its file as an argument,
 * and the address of a PostgreSQL database, where that takes the place of the file.
 */
import { join } from 'node:path'
import { serve } from '../../collector/serve.ts'

const folder = process.argv[2]!
const running = await serve({
  config: {
    port: 0,
    host: '127.0.0.1',
    path: join(folder, 'bench.db'),
    postgres: process.argv[3],
    token: 'bench-bench-bench-bench',
    secret: process.argv[3] && 'bench-bench-bench-bench',
    allowsPrivateWebhooks: true,
    publicUrl: undefined,
    modelPath: undefined,
    trustsProxy: false,
    proxies: 0,
    rates: { address: 0, site: 0 },
    demo: false,
    logFormat: 'text',
  },
  adminToken: 'bench-bench-bench-bench',
  dist: join(import.meta.dirname, '../../dist'),
  now: Date.now,
  log: console.error,
})
// Of the site that scores programs as well: nobody reads as fast as the load does.
process.send?.({ port: running.port, key: running.sites().find(({ name }) => name === 'demo')!.key })
process.on('SIGTERM', () => running.stop().then(() => process.exit(0)))
