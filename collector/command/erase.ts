/** `leadlight erase`: ends what is kept of a person, or hands it to them first. */
import { parseArgs } from 'node:util'
import { CommandError, type Terminal } from './terminal.ts'

export const ERASE_HELP = `  leadlight erase WHO                       erase a person on every site; WHO is an e-mail address, a user id, a
                                            browser's id or ours. Nobody can take it back. Example:
                                            leadlight erase ann@acme.com --yes
  leadlight erase WHO --anonymize --yes     keep what they did, as nobody's, so that counts stay
  leadlight erase WHO --export              print all that is held of them, and erase nothing
  Options: --site NAME (that site alone), --json (for programs)`

/** Exit code where nobody is known by that name, so that a script can tell it from an outage. */
const NOBODY = 3

interface Erased {
  readonly people: number
  readonly events: number
}

/** Answers the exit code. */
export const runErase = async (words: readonly string[], { ask, print }: Terminal): Promise<number> => {
  const { who, values } = argsOf(words)
  const site = values.site === undefined ? '' : `site=${encodeURIComponent(values.site)}`
  const path = `/api/visitors/${encodeURIComponent(who)}`
  const found = await ask<{ people: readonly object[] }>('GET', `${path}/export?${site}`).catch(onlyMissing)
  if (!found) {
    print(values.json ? '{"people":0,"events":0}' : 'Nobody is known by that name.')
    return NOBODY
  }
  if (values.export) {
    print(JSON.stringify(found, null, 2))
    return 0
  }
  if (!values.yes) throw new CommandError('That cannot be taken back. Say --yes to do it, or --export to look first.')
  const erased = await ask<Erased>('DELETE', `${path}?mode=${values.anonymize ? 'anonymize' : 'erase'}&${site}`)
  const { people, events } = erased
  print(values.json ? JSON.stringify(erased) : `${people} erased, with ${events} events. What comes late is refused.`)
  return 0
}

const onlyMissing = (error: unknown): undefined => {
  if (error instanceof CommandError && error.message.startsWith('No visitor is known')) return undefined
  throw error
}

const argsOf = (words: readonly string[]) => {
  const flag = { type: 'boolean' } as const
  try {
    const options = { anonymize: flag, export: flag, yes: flag, json: flag, site: { type: 'string' } } as const
    const { values, positionals } = parseArgs({ args: [...words], allowPositionals: true, options })
    const [who, ...others] = positionals
    if (who === undefined || others.length > 0) throw new Error('Name one person.')
    return { who, values }
  } catch (error) {
    throw new CommandError(`${error instanceof Error ? error.message : error}\n\nUsage:\n${ERASE_HELP}`)
  }
}
