/** What a command is given: where it reads, prints and asks. Only cli.ts knows the process. */

export interface Terminal {
  /** A line for people or programs: standard output. */
  readonly print: (text: string) => void
  /** A line that a newer one replaces, where somebody looks on: standard error. */
  readonly progress: (text: string) => void
  /** Asks the running collector. Rejects with `CommandError` when it refuses, or does not answer. */
  readonly ask: <Body>(method: 'GET' | 'POST', path: string, body?: unknown) => Promise<Body>
  /** The text of a file. Rejects with `CommandError` when it cannot be read. */
  readonly read: (path: string) => Promise<string>
  /** Who sits here. */
  readonly user: string
  readonly pause: (ms: number) => Promise<unknown>
}

/** Thrown with a sentence for people; the command line ends with 1. */
export class CommandError extends Error {}

const WIDTH = 30

/** `[#####.....]  50 %` */
export const barOf = (share: number): string => {
  const full = Math.round(Math.min(1, Math.max(0, share)) * WIDTH)
  return `[${'#'.repeat(full)}${'.'.repeat(WIDTH - full)}] ${String(Math.round(share * 100)).padStart(3)} %`
}
