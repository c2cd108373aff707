/** How the tests are run: `npm test`, and at their full size `npm run gates`. */
import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { createProgress } from './test/progress.ts'
import { tally } from './test/tally.ts'

const isFull = process.env.GATES === 'full'

/**
 * What asks a collector from outside, and what it keeps matters: run over PostgreSQL too. At full size everything that
 * asks from outside.
 */
const KEEPS = 'accounts audit events export handoff list live models read reports sla sql visitor-changes'
const REST = 'access anything clocks direct erase figures guard keys metrics openapi privacy sdks sites webhooks'
const PROGRAMS = 'cross-site dashboard demo-walk golden outbox-kill publish-kill snippet-forms snippet-privacy'
const filesOf = (room: string, names: string): readonly string[] =>
  names.split(' ').map((name) => `test/${room}/${name}.test.ts`)
const ON_POSTGRES = [
  ...filesOf('collector', KEEPS),
  ...(isFull ? [...filesOf('collector', REST), ...filesOf('e2e', PROGRAMS)] : []),
]

export default defineConfig({
  test: {
    globalSetup: ['test/setup.ts'],
    reporters: isFull ? [createProgress(Date.now, console.log), 'default', tally] : ['default', tally],
    // Most of them wait for something: on two cores two at once take half the time that one takes.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // A property at its full size takes minutes.
    testTimeout: isFull ? 1_200_000 : 30_000,
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: 'sqlite', include: ['test/**/*.test.{ts,tsx}'] } },
      { extends: true, test: { name: 'postgres', include: ON_POSTGRES, globalSetup: ['test/on-postgres.ts'] } },
    ],
  },
})
