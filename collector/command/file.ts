/** Files that may be larger than memory: read line by line, written piece by piece. */
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { Writable } from 'node:stream'
import { CommandError, type Sink } from './terminal.ts'

export async function* readLines(path: string): AsyncGenerator<string> {
  const input = createReadStream(path, 'utf8')
  // An error before the first line is asked for would be nobody's.
  await once(input, 'open').catch(() => {
    throw new CommandError(`There is no file ${path} that can be read.`)
  })
  yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })
}

/** Writes the file anew, or to `output` where none is named. */
export const openSink = async (path: string | undefined, output: Writable): Promise<Sink> => {
  if (path === undefined)
    return {
      write: async (chunk) => output.write(chunk) || once(output, 'drain'),
      close: async () => {},
    }
  const file = await open(path, 'w').catch(() => {
    throw new CommandError(`${path} cannot be written.`)
  })
  return { write: (chunk) => file.writeFile(chunk), close: () => file.close() }
}
