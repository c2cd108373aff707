/** What goes wrong, in lines: for people, or as JSON for a program that gathers them. */
export const LOG_FORMATS = ['text', 'json'] as const
export type LogFormat = (typeof LOG_FORMATS)[number]

export type Log = (problem: string) => void

export interface LogOptions {
  readonly format: LogFormat
  readonly write: (line: string) => void
  readonly now: () => number
}

/** A problem is never of a person: those who log see to that. */
export const createLog =
  ({ format, write, now }: LogOptions): Log =>
  (problem) =>
    write(format === 'text' ? problem : lineOf(problem, now()))

const lineOf = (problem: string, at: number): string => {
  const [message = '', ...rest] = problem.split('\n')
  const stack = rest.map((line) => line.trim())
  return JSON.stringify({
    time: new Date(at).toISOString(),
    level: 'error',
    message,
    ...(stack.length > 0 && { stack }),
  })
}
