/** `leadlight site …` and `leadlight key …`: websites and secret keys from the shell, against the running collector. */
import { parseArgs } from 'node:util'
import { CommandError, type Terminal } from './terminal.ts'

export const SETTINGS_HELP = `  leadlight site list                       websites, their public keys and settings
  leadlight site add NAME [SETTINGS]        add one; SETTINGS is JSON: '{"origins":["shop.example"]}'
  leadlight site set NAME SETTINGS          change some: '{"consent":"required","retentionDays":365}'
  leadlight site rotate NAME                give it another public key; the old one is refused at once
  leadlight site remove NAME --yes          remove it with all that is kept of it
  leadlight key list                        secret keys, and when each was last used
  leadlight key create KIND [--site NAME] [--label TEXT]   KIND: write, read, admin; the secret is shown this once
  leadlight key revoke ID                   refuse it from now on
  leadlight key signin                      print a fresh link to the dashboard, good once, for 15 minutes
  Options: --json (for programs)`

interface Call {
  readonly target: string
  readonly more: string | undefined
  readonly options: ReturnType<typeof argsOf>['values']
  readonly terminal: Terminal
}
type Act = (call: Call) => Promise<unknown>

interface SiteLine {
  readonly name: string
  readonly key: string
  readonly consent: string
  readonly retentionDays: number | null
  readonly origins: readonly string[]
}
interface KeyLine {
  readonly id: string
  readonly kind: string
  readonly site: string | null
  readonly label: string
  readonly hint: string
}

const shown =
  <Body>(lines: (body: Body) => readonly string[]) =>
  (body: Body, { options, terminal }: Call): void =>
    terminal.print(options.json ? JSON.stringify(body, null, 2) : lines(body).join('\n'))

const siteLine = ({ name, key, consent, retentionDays, origins }: SiteLine): string => {
  const kept = retentionDays === null ? 'keeps for ever' : `keeps ${retentionDays} days`
  return `${name}  ${key}  consent: ${consent}  ${kept}  ${origins.join(', ') || 'any origin'}`
}
const keyLine = ({ id, kind, site, label, hint }: KeyLine): string =>
  `${id}  ${kind}${site === null ? '' : ` to ${site}`}  …${hint}  ${label}`.trimEnd()

const showSites = shown<{ items: readonly SiteLine[] }>(({ items }) => items.map(siteLine))
const showSite = shown<SiteLine>((site) => [siteLine(site)])
const showKeys = shown<{ items: readonly KeyLine[] }>(({ items }) => items.map(keyLine))
const showNewKey = shown<KeyLine & { secret: string }>((key) => [keyLine(key), key.secret])

const pathOf = (what: 'sites' | 'keys', name: string): string => `/api/${what}/${encodeURIComponent(name)}`

/** `takes`: how many words at least; `most`, where it may be more. */
const ACTS: Readonly<Record<string, { readonly takes: 0 | 1 | 2; readonly most?: 2; readonly act: Act }>> = {
  'site list': { takes: 0, act: async (call) => showSites(await call.terminal.ask('GET', '/api/sites'), call) },
  'site add': {
    takes: 1,
    most: 2,
    act: async (call) =>
      showSite(await call.terminal.ask('POST', '/api/sites', { ...jsonIn(call.more), name: call.target }), call),
  },
  'site set': {
    takes: 2,
    act: async (call) =>
      showSite(await call.terminal.ask('PATCH', pathOf('sites', call.target), jsonIn(call.more)), call),
  },
  'site rotate': {
    takes: 1,
    act: async (call) =>
      showSite(await call.terminal.ask('PATCH', pathOf('sites', call.target), { key: 'rotate' }), call),
  },
  'site remove': {
    takes: 1,
    act: async (call) => {
      if (!call.options.yes) throw new CommandError('That cannot be taken back. Say --yes to do it.')
      const removed = await call.terminal.ask<{ visitors: number; events: number }>(
        'DELETE',
        pathOf('sites', call.target),
      )
      shown<typeof removed>(({ visitors, events }) => [`${visitors} visitors and ${events} events are gone.`])(
        removed,
        call,
      )
    },
  },
  'key list': { takes: 0, act: async (call) => showKeys(await call.terminal.ask('GET', '/api/keys'), call) },
  'key create': {
    takes: 1,
    act: async (call) => {
      const { site, label } = call.options
      const body = { kind: call.target, ...(site !== undefined && { site }), ...(label !== undefined && { label }) }
      showNewKey(await call.terminal.ask('POST', '/api/keys', body), call)
    },
  },
  'key revoke': {
    takes: 1,
    act: async (call) => {
      await call.terminal.ask('DELETE', pathOf('keys', call.target))
      call.terminal.print(call.options.json ? '{}' : 'It is refused from now on.')
    },
  },
  'key signin': {
    takes: 0,
    act: async (call) =>
      shown<{ url: string }>(({ url }) => [url])(await call.terminal.ask('POST', '/api/signin'), call),
  },
}

/** Answers the exit code. */
export const runSettings = async (words: readonly string[], terminal: Terminal): Promise<number> => {
  const { values, positionals } = argsOf(words)
  const [what = '', action = '', target, more] = positionals
  const found = ACTS[`${what} ${action}`]
  const given = positionals.length - 2
  if (!found || given < found.takes || given > (found.most ?? found.takes))
    throw new CommandError(`Usage:\n${SETTINGS_HELP}`)
  await found.act({ target: target ?? '', more, options: values, terminal })
  return 0
}

const argsOf = (words: readonly string[]) => {
  const [flag, text] = [{ type: 'boolean' }, { type: 'string' }] as const
  try {
    const options = { json: flag, yes: flag, site: text, label: text } as const
    return parseArgs({ args: [...words], allowPositionals: true, options })
  } catch (error) {
    throw new CommandError(`${error instanceof Error ? error.message : error}\n\nUsage:\n${SETTINGS_HELP}`)
  }
}

const jsonIn = (text = '{}'): object => {
  try {
    return JSON.parse(text) as object
  } catch {
    throw new CommandError(`Settings are JSON in quotes: '{"retentionDays":365}'`)
  }
}
