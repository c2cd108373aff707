/** Once, before the tests that are run over PostgreSQL: a server for all of them, which need not survive anything. */
import type { TestProject } from 'vitest/node'
import { connect, migrate } from '../collector/store/postgres.ts'
import { newDatabaseOn, startPostgres } from './postgres.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The address of the server, where the tests are run over PostgreSQL. */
    readonly postgres: string
    /** A database there with the schema in it: a copy is made sooner. */
    readonly template: string
  }
}

export default async ({ provide }: TestProject): Promise<() => Promise<void>> => {
  const server = await startPostgres(['fsync=off', 'max_connections=400'])
  if (!server) throw new Error('PostgreSQL did not start.')
  const template = await newDatabaseOn(server.url)
  const sql = connect({ url: template, connections: 1, name: 'template' })
  await migrate(sql)
  await sql.end()
  provide('postgres', server.url)
  provide('template', new URL(template).pathname.slice(1))
  return server.stop
}
