/** Reads a model from outside: the model, or every mistake with its place, in words that a marketer can act on. */
import type { z } from 'zod'
import { Document, type Model } from './model.ts'
import { contradictionsOf } from './model-check.ts'

/** The whole check: the form, then every contradiction. */
const Checked = Document.superRefine((model, context) => {
  for (const { path, message } of contradictionsOf(model))
    context.addIssue({ code: 'custom', path: [...path], message })
})

/** A mistake, and where it is: `stages.intent`. */
export interface ModelMistake {
  readonly path: string
  readonly message: string
}

export type ModelReading =
  | { readonly model: Model; readonly mistakes?: undefined }
  | { readonly model?: undefined; readonly mistakes: readonly ModelMistake[] }

export const readModel = (input: unknown): ModelReading => {
  const read = Checked.safeParse(input, { error: sentence })
  if (read.success) return { model: read.data }
  return { mistakes: read.error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message })) }
}

/** A model of our own making, or one that was read before. Throws where it is none. */
export const parseModel = (input: unknown): Model => {
  const { model, mistakes } = readModel(input)
  if (model) return model
  throw new Error(mistakes.map(({ path, message }) => `${path}: ${message}`).join('\n'))
}

/** The sentence for what is wrong; undefined where the schema has its own. */
const sentence = (issue: z.core.$ZodRawIssue): string | undefined => {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(key, keysOf(issue.inst))).join('; ')
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `takes ${KINDS[issue.expected] ?? issue.expected}`
    case 'too_small':
      return `takes ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`
    case 'too_big':
      return `takes ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}`
    case 'invalid_value':
      return `takes one of: ${issue.values.map(String).join(', ')}`
    case 'invalid_union':
      return 'takes a text, or a range such as [50, 200]'
    case 'invalid_key':
      return issue.issues[0]?.message
    default:
      return undefined
  }
}

const KINDS: Readonly<Record<string, string>> = {
  number: 'a number',
  int: 'a whole number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a range such as [50, 200]',
  object: 'a group of settings',
  record: 'a table of names',
}

const keysOf = (schema: unknown): readonly string[] =>
  Object.keys((schema as { def?: { shape?: object } } | undefined)?.def?.shape ?? {})

/** What was sent is repeated only where it is plainly a name. */
const unknownKey = (key: string, known: readonly string[]): string => {
  const near = known.find((name) => distance(key.slice(0, 50).toLowerCase(), name.toLowerCase()) <= 2)
  const given = /^\w{1,50}$/.test(key) ? `no setting \`${key}\`` : 'a setting that is not known'
  return `there is ${given} here${near ? `; did you mean \`${near}\`?` : ''}`
}

/** How many letters must change to make one word of the other. */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
    row = next
  }
  return row.at(-1)!
}
