/** Tells in a long run where it is: each file as it begins and every minute it takes, and each test that took long. */
import type { Reporter, TestCase, TestModule, TestSpecification } from 'vitest/node'

const LONG = 10_000
const MINUTE = 60_000

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`

export const createProgress = (now: () => number, print: (line: string) => void): Reporter => {
  /** Since when each file runs. One that never waits tells of its tests only when it is done. */
  const under = new Map<string, number>()
  let [files, begun] = [0, 0]
  let timer: NodeJS.Timeout | undefined
  return {
    onTestRunStart: (specifications: readonly TestSpecification[]) => {
      files = specifications.length
      timer = setInterval(() => {
        for (const [file, since] of under) print(`    … ${file}: ${seconds(now() - since)} so far`)
      }, MINUTE)
    },
    onTestModuleStart: ({ relativeModuleId }: TestModule) => {
      begun += 1
      under.set(relativeModuleId, now())
      print(`[${begun}/${files}] ${relativeModuleId}`)
    },
    onTestCaseResult: (test: TestCase) => {
      const took = test.diagnostic()?.duration ?? 0
      if (took >= LONG) print(`    ${test.result().state} ${test.fullName}: ${seconds(took)}`)
    },
    onTestModuleEnd: ({ relativeModuleId }: TestModule) => {
      under.delete(relativeModuleId)
    },
    onTestRunEnd: () => clearInterval(timer),
  }
}
