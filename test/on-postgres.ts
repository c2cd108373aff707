/** Once, before the tests that are run over PostgreSQL: a server for all of them, which need not survive anything. */
import type { TestProject } from 'vitest/node'
import { startPostgres } from './postgres.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The address of the server, where the tests are run over PostgreSQL. */
    readonly postgres: string
  }
}

export default async ({ provide }: TestProject): Promise<() => Promise<void>> => {
  const server = await startPostgres(['fsync=off', 'max_connections=400'])
  if (!server) throw new Error('PostgreSQL did not start.')
  provide('postgres', server.url)
  return server.stop
}
