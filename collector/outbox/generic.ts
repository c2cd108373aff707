/**
 * Anything else that takes JSON: a template of the owner's, in which `{{data.visitor.score}}` stands for a field of the
 * message. It is a document, not a text, so no value can break out of its place.
 */
import { type Order, type Plan, verdictOf } from './plan.ts'
import { type Secret, signatureHeaders } from './signature.ts'

export interface GenericSettings {
  readonly url: string
  readonly template: { readonly [name: string]: unknown }
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly secrets: readonly Secret[]
}

export const planGeneric = function* ({ id, message, now }: Order, settings: GenericSettings): Plan {
  const { url, template, headers, secrets } = settings
  const body = JSON.stringify(filled(template, message))
  const own = { 'content-type': 'application/json', ...signatureHeaders({ id, now, body }, secrets) }
  return verdictOf(yield { method: 'POST', url, headers: { ...headers, ...own }, body }, now)
}

const FIELD = /\{\{\s*([\w.-]{1,200})\s*\}\}/g
const ONE_FIELD = /^\{\{\s*([\w.-]{1,200})\s*\}\}$/

/** A text that is one field becomes its value, of whatever kind; within a longer text it becomes words. */
export const filled = (template: unknown, message: unknown): unknown => {
  if (typeof template === 'string') {
    const [, only] = ONE_FIELD.exec(template) ?? []
    if (only !== undefined) return fieldOf(message, only) ?? null
    return template.replace(FIELD, (_, path: string) => wordsOf(fieldOf(message, path)))
  }
  if (Array.isArray(template)) return template.map((each) => filled(each, message))
  if (typeof template !== 'object' || template === null) return template
  return Object.fromEntries(Object.entries(template).map(([name, value]) => [name, filled(value, message)]))
}

const fieldOf = (message: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((value, name) => {
    const isThere = typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    return isThere ? (value as Record<string, unknown>)[name] : undefined
  }, message)

const wordsOf = (value: unknown): string =>
  value === undefined || value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)
