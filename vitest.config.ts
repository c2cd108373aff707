/** How the tests are run: `npm test`. */
import { defineConfig } from 'vitest/config'
import { tally } from './test/tally.ts'

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    globalSetup: ['test/setup.ts'],
    reporters: ['default', tally],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
