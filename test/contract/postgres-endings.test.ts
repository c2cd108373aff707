/** Erasing, retention, removal of sites and publishing on PostgreSQL; and what only many collectors can do to each other. */
import { afterAll, afterEach, describe, it } from 'vitest'
import { missing, startPostgres } from '../postgres.ts'
import { describeErasing } from './erasing.ts'
import { closeAll, openEndingOn } from './postgres-ending-store.ts'
import { describePublishing } from './publishing.ts'
import { describeRetention } from './retention.ts'

// What these tests ask of it does not depend on the disk.
const server = await startPostgres(['-c', 'fsync=off', '-c', 'full_page_writes=off'])
afterEach(closeAll)
afterAll(() => server?.stop())

if (server) {
  const open = openEndingOn(server.newDatabase)
  describeErasing('PostgreSQL', open)
  describeRetention('PostgreSQL', open)
  describePublishing('PostgreSQL', open, 12)
} else describe.skip(`endings on PostgreSQL (${missing})`, () => it('needs a server', () => undefined))
