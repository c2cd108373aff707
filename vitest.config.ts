/** How the tests are run: `npm test`. */
import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { tally } from './test/tally.ts'

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    globalSetup: ['test/setup.ts'],
    reporters: ['default', tally],
    // Most of them wait for something: on two cores two at once take half the time that one takes.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
