/** Tells in a long run where it is: each file as it begins, each test that takes long, and every minute the one under way. */
import type { Reporter, TestCase, TestModule, TestSpecification } from 'vitest/node'

const LONG = 10_000
const MINUTE = 60_000

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`

export const createProgress = (now: () => number, print: (line: string) => void): Reporter => {
  const under = new Map<string, { readonly name: string; readonly since: number }>()
  let [files, begun] = [0, 0]
  let timer: NodeJS.Timeout | undefined
  return {
    onTestRunStart: (specifications: readonly TestSpecification[]) => {
      files = specifications.length
      timer = setInterval(() => {
        for (const { name, since } of under.values()) print(`    … ${name}: ${seconds(now() - since)} so far`)
      }, MINUTE)
    },
    onTestModuleStart: (module: TestModule) => {
      begun += 1
      print(`[${begun}/${files}] ${module.relativeModuleId}`)
    },
    onTestCaseReady: ({ id, fullName }: TestCase) => {
      under.set(id, { name: fullName, since: now() })
    },
    onTestCaseResult: (test: TestCase) => {
      const took = now() - (under.get(test.id)?.since ?? now())
      under.delete(test.id)
      if (took >= LONG) print(`    ${test.result().state} ${test.fullName}: ${seconds(took)}`)
    },
    onTestRunEnd: () => clearInterval(timer),
  }
}
