/** What a command is given: where it reads, prints and asks. Only cli.ts knows the process. */

export interface Terminal {
  /** A line for people or programs: standard output. */
  readonly print: (text: string) => void
  /** A line that a newer one replaces, where somebody looks on: standard error. */
  readonly progress: (text: string) => void
  /** Asks the running collector. Rejects with `CommandError` when it refuses, or does not answer. */
  readonly ask: <Body>(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown) => Promise<Body>
  /** The text of a file. Rejects with `CommandError` when it cannot be read. */
  readonly read: (path: string) => Promise<string>
  /** Who sits here. */
  readonly user: string
  readonly pause: (ms: number) => Promise<unknown>
}

/** For commands that move much: events in, leads out. */
export interface FileTerminal extends Terminal {
  /** Posts as who has a key, or as the administrator. Undefined where the collector cannot write at present. */
  readonly post: (path: string, body: unknown, key?: string) => Promise<unknown>
  /** What an address gives, piece by piece. Rejects when it breaks off. */
  readonly download: (path: string) => Promise<AsyncIterable<Uint8Array>>
  /** A file to write to, or standard output. */
  readonly open: (path: string | undefined) => Promise<Sink>
  /** The lines of a file, however large. */
  readonly lines: (path: string) => AsyncIterable<string>
  readonly write: (path: string, text: string) => Promise<void>
  readonly remove: (path: string) => Promise<void>
}

/** Takes the next piece when the one before is written. */
export interface Sink {
  readonly write: (chunk: Uint8Array) => Promise<unknown>
  readonly close: () => Promise<unknown>
}

/** Thrown with a sentence for people; the command line ends with 1. */
export class CommandError extends Error {}

const WIDTH = 30

/** `[#####.....]  50 %` */
export const barOf = (share: number): string => {
  const full = Math.round(Math.min(1, Math.max(0, share)) * WIDTH)
  return `[${'#'.repeat(full)}${'.'.repeat(WIDTH - full)}] ${String(Math.round(share * 100)).padStart(3)} %`
}
