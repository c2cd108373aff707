/** `leadlight move FILE`: everything in a SQLite file, to the PostgreSQL database of DATABASE_URL. */
import { parseArgs } from 'node:util'
import { barOf, CommandError, type Terminal } from './terminal.ts'

export const MOVE_HELP = `  leadlight move FILE                       everything in a SQLite file to the PostgreSQL of DATABASE_URL, which must be
                                            empty, and the file's collector stopped; broken off, it goes on when run again;
                                            ends with 1 where a visitor differs afterwards. --json for programs`

interface Difference {
  readonly visitor: string
  readonly what: readonly string[]
}

export interface MoveOutcome {
  readonly tables: readonly { readonly table: string; readonly expected: number; readonly found: number }[]
  readonly visitors: {
    readonly compared: number
    readonly differing: number
    readonly differences: readonly Difference[]
  }
}

export interface MoveProgress {
  readonly table: string | undefined
  readonly done: number
  readonly total: number
}

export interface MoveCommand {
  readonly terminal: Pick<Terminal, 'print' | 'progress'>
  readonly move: (file: string, onProgress: (progress: MoveProgress) => void) => Promise<MoveOutcome>
}

/** Answers the exit code: 1 where the two sides differ. */
export const runMove = async (words: readonly string[], { terminal, move }: MoveCommand): Promise<number> => {
  const { file, json } = argsOf(words)
  const outcome = await move(file, ({ table, done, total }) =>
    terminal.progress(`${(table ?? 'comparing').padEnd(14)} ${barOf(total === 0 ? 1 : done / total)} ${done}`),
  )
  terminal.progress('')
  if (json) terminal.print(JSON.stringify(outcome))
  else for (const line of linesOf(file, outcome)) terminal.print(line)
  return isSame(outcome) ? 0 : 1
}

const isSame = ({ tables, visitors }: MoveOutcome): boolean =>
  visitors.differing === 0 && tables.every(({ expected, found }) => expected === found)

const linesOf = (file: string, { tables, visitors }: MoveOutcome): readonly string[] => [
  ...tables.map(
    ({ table, expected, found }) =>
      `${table.padEnd(14)} ${found} rows${found === expected ? '' : `, and ${expected} were copied`}`,
  ),
  ...visitors.differences.map(({ visitor, what }) => `${visitor} differs in ${what.join(', ')}`),
  isSame({ tables, visitors })
    ? `${visitors.compared} visitors were compared: score, stage and qualification are the same on both sides. ` +
      `Start collectors with this DATABASE_URL; ${file} is as it was.`
    : `${visitors.differing} of ${visitors.compared} visitors differ. Collectors do not start on this database: make it ` +
      `anew, empty, and move again. ${file} is as it was.`,
]

const argsOf = (words: readonly string[]): { readonly file: string; readonly json: boolean } => {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { json: { type: 'boolean' } },
    })
    const [file] = positionals
    if (file === undefined || positionals.length > 1) throw new Error('Name one file.')
    return { file: file.replace(/^file:/, ''), json: values.json ?? false }
  } catch (error) {
    throw new CommandError(`${error instanceof Error ? error.message : error}\n\nUsage:\n${MOVE_HELP}`)
  }
}
