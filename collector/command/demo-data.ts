/** `leadlight demo-data`: months of made-up visitors for the demo site, from a fixed seed. */
import { parseArgs } from 'node:util'
import { CommandError, type Terminal } from './terminal.ts'

export const DEMO_DATA_HELP = `  leadlight demo-data                       months of made-up visitors for the demo site, always the same
  Options: --people N (400), --days N (120), --seed N (1)`

interface Filled {
  readonly accepted: number
  readonly duplicate: number
}

export const runDemoData = async (words: readonly string[], { ask, print }: Terminal): Promise<number> => {
  const body = { site: 'demo', ...numbersIn(words) }
  const { accepted, duplicate } = await ask<Filled>('POST', '/api/sample', body)
  print(`${accepted} events on the demo site${duplicate > 0 ? `; ${duplicate} were there already` : ''}.`)
  return 0
}

const numbersIn = (words: readonly string[]): Readonly<Record<string, number>> => {
  const text = { type: 'string' } as const
  try {
    const { values } = parseArgs({ args: [...words], options: { people: text, days: text, seed: text } })
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, wholeIn(name, value)]))
  } catch (error) {
    throw new CommandError(`${error instanceof Error ? error.message : error}\n\nUsage:\n${DEMO_DATA_HELP}`)
  }
}

const wholeIn = (name: string, value: string): number => {
  if (!/^\d{1,7}$/.test(value)) throw new CommandError(`--${name} takes a whole number.`)
  return Number(value)
}
