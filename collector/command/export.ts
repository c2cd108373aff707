/** `leadlight export`: leads to a file or to standard output, as CSV or one JSON object per line. */
import { parseArgs } from 'node:util'
import { CommandError, type FileTerminal } from './terminal.ts'

export const EXPORT_HELP = `  leadlight export [FILE]                   leads to FILE.csv or FILE.ndjson; without one, to standard output
  Options: --format csv|ndjson, --for spreadsheet|hubspot|salesforce, and the filters of GET /api/visitors:
           --site, --stage, --funnel, --qualification, --fit, --account, --min-score, --q, --sort`

const FILTERS = ['site', 'stage', 'funnel', 'qualification', 'fit', 'account', 'min-score', 'q', 'sort', 'for'] as const

/** Answers the exit code. */
export const runExport = async (words: readonly string[], terminal: FileTerminal): Promise<number> => {
  const { file, format, query } = argsOf(words)
  // First what may be refused, for to open a file is to empty it.
  const chunks = await terminal.download(`/api/export.${format}?${query}`)
  const sink = await terminal.open(file)
  let size = 0
  for await (const chunk of chunks) {
    await sink.write(chunk)
    size += chunk.length
    if (file !== undefined) terminal.progress(`${(size / 1_000_000).toFixed(1)} MB`)
  }
  await sink.close()
  terminal.progress('')
  if (file !== undefined) terminal.print(`${file}: ${(size / 1_000_000).toFixed(1)} MB`)
  return 0
}

const argsOf = (words: readonly string[]) => {
  const text = { type: 'string' } as const
  const options = { format: text, ...Object.fromEntries(FILTERS.map((name) => [name, text])) }
  try {
    const { values, positionals } = parseArgs({ args: [...words], allowPositionals: true, options })
    const [file, ...others] = positionals
    if (others.length > 0) throw new Error('Name one file.')
    const format = values.format ?? (file?.endsWith('.ndjson') ? 'ndjson' : 'csv')
    if (format !== 'csv' && format !== 'ndjson') throw new Error('--format takes csv or ndjson.')
    const query = new URLSearchParams()
    for (const [name, value] of Object.entries(values))
      if (name !== 'format' && value !== undefined) query.set(name === 'min-score' ? 'minScore' : name, String(value))
    return { file, format, query }
  } catch (error) {
    throw new CommandError(`${error instanceof Error ? error.message : error}\n\nUsage:\n${EXPORT_HELP}`)
  }
}
