/** PostgreSQL keeps the contract of a store. */
import { afterAll, describe, it } from 'vitest'
import { missing, startPostgres } from '../postgres.ts'
import { openOn } from './postgres-store.ts'
import { describeStore } from './store.ts'

// What a crash of the machine leaves is tested elsewhere.
const server = await startPostgres(['fsync=off'])
afterAll(() => server?.stop())

if (server) describeStore('PostgreSQL', openOn(server.newDatabase))
else describe.skip(`a store: PostgreSQL (${missing})`, () => it('needs a server', () => undefined))
