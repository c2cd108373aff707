/** `leadlight backup [FILE]`: a copy of the database, also of one in use. */
import { parseArgs } from 'node:util'
import { barOf, CommandError, type Terminal } from './terminal.ts'

export const BACKUP_HELP = `  leadlight backup [FILE]                   copy the database, also while the collector runs; --json for programs`

export interface BackupCommand {
  /** Where copies go that were given no name. */
  readonly folder: string
  readonly now: number
  readonly terminal: Pick<Terminal, 'print' | 'progress'>
  /** Copies to a file that is not there yet; answers its size in bytes. */
  readonly backUp: (to: string, onProgress: (share: number) => void) => Promise<number>
}

export const runBackup = async (words: readonly string[], command: BackupCommand): Promise<void> => {
  const { folder, now, terminal, backUp } = command
  const { file, json } = argsOf(words)
  const to = file ?? `${folder}/leadlight-${new Date(now).toISOString().replace(/\D/g, '')}.db`
  const bytes = await backUp(to, (share) => terminal.progress(`Copying ${barOf(share)}`))
  terminal.progress('')
  if (json) terminal.print(JSON.stringify({ file: to, bytes }))
  else terminal.print(`${to} holds everything acknowledged before it was begun (${(bytes / 1e6).toFixed(1)} MB).`)
}

const argsOf = (words: readonly string[]): { readonly file: string | undefined; readonly json: boolean } => {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { json: { type: 'boolean' } },
    })
    if (positionals.length > 1) throw new Error('Name one file.')
    return { file: positionals[0], json: values.json ?? false }
  } catch (error) {
    throw new CommandError(`${error instanceof Error ? error.message : error}\n\nUsage:\n${BACKUP_HELP}`)
  }
}
