/** PostgreSQL keeps the contract of a store. */
import { afterAll, describe, it } from 'vitest'
import { missing, startPostgres } from '../postgres.ts'
import { openOn } from './postgres-store.ts'
import { describeStore } from './store.ts'

const server = await startPostgres()
afterAll(() => server?.stop())

if (server) describeStore('PostgreSQL', openOn(server.newDatabase))
else describe.skip(`a store: PostgreSQL (${missing})`, () => it('needs a server', () => undefined))
