/** PostgreSQL keeps the contract of what is beside the log. */
import { afterAll, describe } from 'vitest'
import { startPostgres } from '../postgres.ts'
import { openPostgresBeside, preparePostgres } from './beside-postgres.ts'
import { describeDesk } from './desk.ts'
import { describeOutbox } from './outbox.ts'
import { describeReading } from './reading.ts'

// What is tested here is not what a crash leaves: no need to wait for the disk.
const server = await startPostgres(['fsync=off', 'full_page_writes=off'])
afterAll(() => server?.stop())
const url = (await server?.newDatabase()) ?? ''
if (server) await preparePostgres(url)
const open = () => openPostgresBeside(url)

;(server ? describe : describe.skip)('on a real server', () => {
  describeDesk('PostgreSQL', open)
  describeOutbox('PostgreSQL', open)
  describeReading('PostgreSQL', open)
})
