/** Where a collector under test keeps its data: in a file, or over PostgreSQL where the tests are run so. */
import { join } from 'node:path'
import { inject } from 'vitest'
import { newDatabaseOn } from './postgres.ts'

/** Whether the tests are run over PostgreSQL: then there is no file to look into. */
export const isOnPostgres = (inject('postgres') as string | undefined) !== undefined

/** Of each folder, for a collector that is started there again. */
const databases = new Map<string, string>()

/** What the environment says of it: a file in the folder, or a database on the server, with what its collectors share. */
export const databaseIn = async (folder: string, name: string): Promise<Record<string, string>> => {
  const server = inject('postgres') as string | undefined
  if (!server) return { DATABASE_URL: `file:${join(folder, name)}` }
  const url = databases.get(folder) ?? (await newDatabaseOn(server, inject('template')))
  databases.set(folder, url)
  return { DATABASE_URL: url, LEADLIGHT_DATA: folder, LEADLIGHT_SECRET: 'secret_for_tests_0123456789' }
}
