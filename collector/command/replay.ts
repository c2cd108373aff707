/** `leadlight replay`: everyone's score, stage and qualification derived anew from the log. */
import { parseArgs } from 'node:util'
import { follow } from './follow.ts'
import { CommandError, type Terminal } from './terminal.ts'

export const REPLAY_HELP = `  leadlight replay                          derive everyone anew from the log, under the model that scores: after page
                                            rules were changed, or to be sure. It scores on meanwhile; nothing is sent.
  Options: --json (for programs), --by NAME (who asks for it; you, if left out)`

interface Version {
  readonly version: number
  readonly model: unknown
}

/** The same model is published once more, for that rebuilds everyone beside and switches. Answers the exit code. */
export const runReplay = async (words: readonly string[], terminal: Terminal): Promise<number> => {
  const { json, by = terminal.user } = argsOf(words)
  const { version, model } = await terminal.ask<Version>('GET', '/api/models/active')
  const reason = `Replay of version ${version}`
  const draft = await terminal.ask<Version>('POST', '/api/models', { model, author: by, reason })
  await follow(`/api/models/${draft.version}/publish`, { reason, approver: by }, terminal)
  terminal.print(
    json
      ? JSON.stringify({ replayed: version, version: draft.version }, null, 2)
      : `Everyone is derived anew. The same model is version ${draft.version} now.`,
  )
  return 0
}

const argsOf = (words: readonly string[]) => {
  try {
    return parseArgs({ args: [...words], options: { json: { type: 'boolean' }, by: { type: 'string' } } }).values
  } catch (error) {
    throw new CommandError(`${error instanceof Error ? error.message : error}\n\nUsage:\n${REPLAY_HELP}`)
  }
}
