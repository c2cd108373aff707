/** Ends a run with one plain line: how many passed, failed and were skipped. */
import type { Reporter, TestModule } from 'vitest/node'

export const tally: Reporter = {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]) {
    const count = { passed: 0, failed: unhandled.length, skipped: 0, pending: 0 }
    for (const module of modules) {
      let tests = 0
      for (const test of module.children.allTests()) {
        count[test.result().state] += 1
        tests += 1
      }
      // A file that fails before its first test has failed all the same.
      if (tests === 0 && module.state() === 'failed') count.failed += 1
    }
    process.on('exit', () => {
      console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped + count.pending} skipped`)
    })
  },
}
