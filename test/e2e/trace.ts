/** What a program asked of the machine, as `strace -f -y` wrote it: in the order in which it was done. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Where there is no tracer, or it may not trace, the tests that need one are skipped; loudly. */
export const canTrace = ((): boolean => {
  try {
    execFileSync('strace', ['-f', '-e', 'trace=none', 'true'], { stdio: 'ignore' })
    return true
  } catch {
    console.warn('  Skipped: strace is not there or may not trace, so nobody can see when the disk was asked to keep.')
    return false
  }
})()

/** `-D`: the program stays our child, so that signals reach it. */
export const tracer = (file: string, more: readonly string[] = []): readonly string[] => [
  ...['strace', '-D', '-f', '-y', '-s', '40', '-o', file],
  ...['-e', 'trace=read,write,writev,pwrite64,pwritev,fsync,fdatasync', ...more],
]

export interface Call {
  readonly name: string
  /** What `-y` says of the file. */
  readonly on: string
  readonly text: string
  /** Line at which it began, and at which it had ended. */
  readonly start: number
  readonly end: number
}

const BEGUN = /^(\d+) +(\w+)\((\d+<[^>]*>+)(.*)$/
const RESUMED = /^(\d+) +<\.\.\. (\w+) resumed>(.*)$/

export const readTrace = (file: string): readonly Call[] => {
  const open = new Map<string, Omit<Call, 'end'>>()
  const calls: Call[] = []
  for (const [line, text] of readFileSync(file, 'latin1').split('\n').entries()) {
    const begun = BEGUN.exec(text)
    const resumed = RESUMED.exec(text)
    if (begun) {
      const [, pid = '', name = '', on = '', rest = ''] = begun
      const call = { name, on, text: rest, start: line }
      if (rest.endsWith('<unfinished ...>')) open.set(pid, call)
      else calls.push({ ...call, end: line })
    } else if (resumed) {
      const [, pid = '', , rest = ''] = resumed
      const call = open.get(pid)
      if (call) calls.push({ ...call, text: call.text + rest, end: line })
      open.delete(pid)
    }
  }
  return calls.sort((a, b) => a.end - b.end)
}

export interface Answered {
  /** When the request had been read, and when its answer began to leave. */
  readonly asked: number
  readonly answered: number
}

/** Every 200 to a beacon, with its request: a connection has one under way at a time. */
export const answersIn = (calls: readonly Call[]): readonly Answered[] => {
  const asked = new Map<string, number>()
  const answers: Answered[] = []
  for (const { name, on, text, start, end } of calls) {
    if (name === 'read' && text.includes('"POST /e ')) asked.set(on, end)
    const since = asked.get(on)
    if (since === undefined || !/^writev?$/.test(name) || !text.includes('"HTTP/1.1 200')) continue
    answers.push({ asked: since, answered: start })
    asked.delete(on)
  }
  return answers
}

/** Those that left before anything written to the log since they were asked was on disk. */
export const early = (calls: readonly Call[], answers: readonly Answered[]): readonly Answered[] => {
  const writes = calls.filter(({ name, on }) => /^pwritev?(64)?$/.test(name) && on.includes('-wal'))
  const syncs = calls.filter(
    ({ name, on, text }) => /^f(data)?sync$/.test(name) && on.includes('-wal') && / = 0$/.test(text),
  )
  return answers.filter(
    ({ asked, answered }) =>
      !syncs.some(
        (sync) =>
          sync.end < answered && sync.start > asked && writes.some((w) => w.start > asked && w.end <= sync.start),
      ),
  )
}
