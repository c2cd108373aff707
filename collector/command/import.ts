/** `leadlight import`: history from a file, in batches, with progress; what was broken off goes on where it ended. */
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { type HistoryLine, readHistoryLine } from './history-line.ts'
import { CommandError, type FileTerminal } from './terminal.ts'

export const IMPORT_HELP = `  leadlight import FILE.ndjson [--key WRITE_KEY]   history, one event per line: as Segment's libraries send it, or
                                            {"visitor", "type", "at", …}; run again, it goes on and adds nothing twice
                                            (without a key: into the first site, as the administrator)`

/** Below what one body may hold. */
const EVENTS = 1000
const CHARACTERS = 400_000
/** Problems that are named; all are counted. */
const NAMED = 20
const PATIENCE = { tries: 60, ms: 2000 } as const

export interface Tally {
  lines: number
  accepted: number
  duplicate: number
  rejected: number
}

const Verdict = z.object({
  accepted: z.number(),
  duplicate: z.number(),
  rejected: z.array(z.object({ index: z.number(), message: z.string() })),
})

interface Numbered {
  readonly number: number
  readonly text: string
}

/** Answers the exit code: 2 where lines were refused. */
export const runImport = async (words: readonly string[], terminal: FileTerminal): Promise<number> => {
  const { path, key } = argsOf(words)
  const cursorPath = `${path}.cursor`
  const done = Number(await terminal.read(cursorPath).catch(() => '0')) || 0
  const tally: Tally = { lines: done, accepted: 0, duplicate: 0, rejected: 0 }
  const run = { terminal, key, tally, say: limited(terminal) }
  let batch: Numbered[] = []
  let size = 0
  const flush = async (): Promise<void> => {
    if (batch.length === 0) return
    await send(batch, run)
    tally.lines = batch.at(-1)!.number
    await terminal.write(cursorPath, String(tally.lines))
    terminal.progress(
      `${tally.lines} lines: ${tally.accepted} new, ${tally.duplicate} known, ${tally.rejected} refused`,
    )
    ;[batch, size] = [[], 0]
  }
  let number = 0
  for await (const text of terminal.lines(path)) {
    number += 1
    if (number <= done || text.trim() === '') continue
    if (batch.length >= EVENTS || size + text.length > CHARACTERS) await flush()
    batch.push({ number, text })
    size += text.length
  }
  await flush()
  await terminal.remove(cursorPath)
  terminal.progress('')
  terminal.print(`${tally.accepted} events are new, ${tally.duplicate} were known, ${tally.rejected} were refused.`)
  return tally.rejected > 0 ? 2 : 0
}

const argsOf = (words: readonly string[]): { readonly path: string; readonly key: string | undefined } => {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { key: { type: 'string' } },
    })
    if (positionals.length !== 1) throw new Error('Name one file.')
    return { path: positionals[0]!, key: values.key }
  } catch (error) {
    throw new CommandError(`${error instanceof Error ? error.message : error}\n\nUsage:\n${IMPORT_HELP}`)
  }
}

interface Run {
  readonly terminal: FileTerminal
  readonly key: string | undefined
  readonly tally: Tally
  readonly say: (number: number, problem: string) => void
}

const send = async (batch: readonly Numbered[], { terminal, key, tally, say }: Run): Promise<void> => {
  const read = batch.map((line) => ({ ...line, ...readHistoryLine(line.text) }) as Numbered & HistoryLine)
  const taken = read.filter(({ call }) => call !== undefined)
  for (const { number, problem } of read) if (problem !== undefined) say(number, problem)
  const verdict = Verdict.parse(
    await patiently(terminal, () => terminal.post('/v1/import', { batch: taken.map(({ call }) => call) }, key)),
  )
  for (const { index, message } of verdict.rejected) say(taken[index]!.number, message)
  tally.accepted += verdict.accepted
  tally.duplicate += verdict.duplicate
  tally.rejected += verdict.rejected.length + read.length - taken.length
}

/** A collector that cannot write at present says so: it is asked again. */
const patiently = async (terminal: FileTerminal, post: () => Promise<unknown>): Promise<unknown> => {
  for (let tries = 1; ; tries += 1) {
    const answer = await post()
    if (answer !== undefined) return answer
    if (tries >= PATIENCE.tries)
      throw new CommandError('The collector cannot write. When it can, run the same command again: it goes on.')
    await terminal.pause(PATIENCE.ms)
  }
}

const limited = ({ print }: Pick<FileTerminal, 'print'>): Run['say'] => {
  let told = 0
  return (number, problem) => {
    told += 1
    if (told <= NAMED) print(`line ${number}: ${problem}`)
    if (told === NAMED + 1) print('… and more lines that were refused; all are listed in GET /api/rejected.')
  }
}
