/** `leadlight model …`: the versions of the model from the shell, against the running collector. */
import { parseArgs } from 'node:util'
import { readModel } from '../../shared/read-model.ts'
import type { Simulation } from '../../shared/simulation.ts'
import { follow } from './follow.ts'
import { describeSimulation } from './simulation.ts'
import { CommandError, type Terminal } from './terminal.ts'

export const MODEL_HELP = `  leadlight model list                      the versions, the newest first
  leadlight model show V                    a version whole; V is a number or "active"
  leadlight model validate FILE             what is wrong with a model, without a collector
  leadlight model draft FILE                keep a model as a draft (or: --preset saas [--handover strict])
  leadlight model simulate V                what it would have changed, on all of history
  leadlight model publish V --reason TEXT   make it the one that scores
  leadlight model revert V [--reason TEXT]  go back to a former version, or undo the active one
  Options: --json (for programs), --by NAME (who approves; you, if left out)`

/** Exit code of a model that has mistakes, so that a script can tell it from an outage. */
const INVALID = 2

/** Answers the exit code. */
export const runModel = async (words: readonly string[], terminal: Terminal): Promise<number> => {
  const { values, positionals } = argsOf(words)
  const [action = '', target] = positionals
  const command = Object.hasOwn(COMMANDS, action) ? COMMANDS[action] : undefined
  const isLacking = command?.takes && target === undefined && values.preset === undefined
  if (!command || isLacking || positionals.length > (command.takes ? 2 : 1))
    throw new CommandError(`Usage:\n${MODEL_HELP}`)
  return command.run({ target: target ?? '', options: values, terminal })
}

const argsOf = (words: readonly string[]) => {
  const text = { type: 'string' } as const
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { json: { type: 'boolean' }, reason: text, by: text, preset: text, handover: text },
    })
  } catch (error) {
    throw new CommandError(`${error instanceof Error ? error.message : error}\n\nUsage:\n${MODEL_HELP}`)
  }
}

interface Call {
  readonly target: string
  readonly options: ReturnType<typeof argsOf>['values']
  readonly terminal: Terminal
}

interface Version {
  readonly version: number
  readonly state: string
  readonly name: string
  readonly approver: string | null
  readonly author: string
  readonly reason: string
  readonly createdAt: string
  readonly publishedAt: string | null
}

const list = async ({ options, terminal }: Call): Promise<number> => {
  const answer = await terminal.ask<{ items: readonly Version[] }>('GET', '/api/models')
  terminal.print(options.json ? toJson(answer) : answer.items.map(lineOf).join('\n'))
  return 0
}

const show = async ({ target, options, terminal }: Call): Promise<number> => {
  const { model, ...version } = await terminal.ask<Version & { model: unknown }>('GET', pathOf(target))
  terminal.print(toJson(options.json ? { ...version, model } : model))
  return 0
}

const validate = async ({ target, options, terminal }: Call): Promise<number> => {
  const { mistakes = [] } = readModel(jsonIn(await terminal.read(target)))
  if (options.json) terminal.print(toJson({ valid: mistakes.length === 0, mistakes }))
  else if (mistakes.length === 0) terminal.print(`${target} is a model without mistakes.`)
  else for (const { path, message } of mistakes) terminal.print(`${path || 'model'}: ${message}`)
  return mistakes.length === 0 ? 0 : INVALID
}

const draft = async (call: Call): Promise<number> => {
  const { target, options, terminal } = call
  const about = { author: options.by ?? terminal.user, reason: options.reason ?? '' }
  const { preset, handover } = options
  if (preset === undefined && (await validate({ ...call, terminal: { ...terminal, print: quietly(call) } })) !== 0)
    return INVALID
  const model = preset === undefined ? jsonIn(await terminal.read(target)) : undefined
  const body = model === undefined ? { preset, ...(handover && { handover }) } : { model }
  const version = await terminal.ask<Version>('POST', '/api/models', { ...about, ...body })
  terminal.print(options.json ? toJson(version) : `Version ${version.version} is kept as a draft.`)
  return 0
}

/** Of a check on the way to something else, only what is wrong is said. */
const quietly =
  ({ terminal }: Call) =>
  (text: string): void => {
    if (!text.endsWith('without mistakes.') && !text.includes('"valid": true')) terminal.print(text)
  }

const simulate = async ({ target, options, terminal }: Call): Promise<number> => {
  const result = await follow<Simulation>(`${pathOf(target)}/simulate`, {}, terminal)
  terminal.print(options.json ? toJson(result) : describeSimulation(result))
  return 0
}

const publish = async ({ target, options, terminal }: Call): Promise<number> => {
  if (!options.reason) throw new CommandError('Say why: --reason "what is better now".')
  const body = { reason: options.reason, approver: options.by ?? terminal.user }
  const version = await follow<Version>(`${pathOf(target)}/publish`, body, terminal)
  terminal.print(options.json ? toJson(version) : `Version ${version.version} scores from now on.`)
  return 0
}

const revert = async ({ target, options, terminal }: Call): Promise<number> => {
  const body = { approver: options.by ?? terminal.user, ...(options.reason && { reason: options.reason }) }
  const version = await follow<Version>(`${pathOf(target)}/revert`, body, terminal)
  terminal.print(
    options.json ? toJson(version) : `${version.reason}: it is version ${version.version} now, and scores again.`,
  )
  return 0
}

const COMMANDS: Readonly<Record<string, { readonly takes: boolean; readonly run: (call: Call) => Promise<number> }>> = {
  list: { takes: false, run: list },
  show: { takes: true, run: show },
  validate: { takes: true, run: validate },
  draft: { takes: true, run: draft },
  simulate: { takes: true, run: simulate },
  publish: { takes: true, run: publish },
  revert: { takes: true, run: revert },
}

const pathOf = (target: string): string => {
  if (!/^(active|[1-9]\d*)$/.test(target)) throw new CommandError('A version is a number, or "active".')
  return `/api/models/${target}`
}

const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new CommandError(`The file is not JSON: ${error instanceof Error ? error.message : error}`)
  }
}

const lineOf = ({ version, state, name, approver, author, reason, publishedAt, createdAt }: Version): string => {
  const mark = state === 'published' ? '*' : ' '
  const when = (publishedAt ?? createdAt).slice(0, 10)
  return `${mark} ${String(version).padStart(4)}  ${state.padEnd(9)}  ${when}  ${name}  ${[approver ?? author, reason].filter(Boolean).join(': ')}`.trimEnd()
}

const toJson = (value: unknown): string => JSON.stringify(value, null, 2)
