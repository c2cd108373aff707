/** What somebody sends as a draft: a whole model, a preset, or what is to be different from a version there is. */
import { z } from 'zod'
import { HANDOVERS, PRESETS, presetNamed } from '../shared/presets.ts'
import { type ModelMistake, readModel } from '../shared/read-model.ts'
import type { Draft, Models } from './store/store.ts'

const Line = z.string().regex(/^[^\p{Cc}]{0,500}$/u, 'takes up to 500 characters on one line')
const About = { author: Line.default(''), reason: Line.default('') }

/** `model`: all of it. `preset`: one of ours. `patch`: a JSON merge patch (RFC 7396) on a version, the active one if not named. */
export const DraftBody = z.union([
  z.strictObject({ ...About, model: z.unknown() }),
  z.strictObject({ ...About, preset: z.enum(PRESETS), handover: z.enum(HANDOVERS).default('action') }),
  z.strictObject({ ...About, patch: z.record(z.string(), z.unknown()), base: z.number().int().positive().optional() }),
])

export type DraftReading =
  | { readonly draft: Omit<Draft, 'createdAt'>; readonly mistakes?: undefined }
  | { readonly draft?: undefined; readonly mistakes: readonly ModelMistake[] }

/** A body that is itself a model is taken as one. */
export const draftIn = async (body: unknown, models: Models): Promise<DraftReading> => {
  const isModel = isObject(body) && Object.hasOwn(body, 'signals')
  const read = DraftBody.safeParse(isModel ? { model: body } : body)
  if (!read.success || (isObject(body) && Object.keys(body).length === 0)) return { mistakes: [UNKNOWN_BODY] }
  const { author, reason } = read.data
  const document = await documentOf(read.data, models)
  if (document === undefined) return { mistakes: [NO_BASE] }
  const { model, mistakes } = readModel(document)
  return model ? { draft: { model, author, reason } } : { mistakes }
}

const documentOf = async (body: z.infer<typeof DraftBody>, models: Models): Promise<unknown> => {
  if ('preset' in body) return presetNamed(body.preset, body.handover)
  if (!('patch' in body)) return body.model ?? null
  const base = body.base === undefined ? await models.published() : await models.model(body.base)
  return base && merged(base.model, body.patch)
}

/** RFC 7396: objects merge, null removes, everything else replaces. */
export const merged = (target: unknown, patch: unknown): unknown => {
  if (!isObject(patch)) return patch
  const result = new Map(isObject(target) ? Object.entries(target) : [])
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) result.delete(key)
    else result.set(key, merged(result.get(key), value))
  }
  return Object.fromEntries(result)
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const UNKNOWN_BODY: ModelMistake = {
  path: '',
  message: `takes a model; or { preset: ${PRESETS.join(' | ')}, handover: ${HANDOVERS.join(' | ')} }; or { patch, base }`,
}
const NO_BASE: ModelMistake = { path: 'base', message: 'there is no such version' }
