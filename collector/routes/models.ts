/** `/api/models`: the versions of the scoring model, and how another is drafted. */
import type { Context } from 'hono'
import { z } from 'zod'
import { Job as JobAnswer, ModelList, PresetList, Validation, WholeModel } from '../../shared/answer-settings.ts'
import { modelSchema } from '../../shared/model-schema.ts'
import { isoOf } from '../../shared/present.ts'
import { PRESETS, presetNamed } from '../../shared/presets.ts'
import { DraftBody, draftIn } from '../draft.ts'
import type { Editions } from '../editions.ts'
import type { Job, Jobs } from '../jobs.ts'
import type { Models, ModelVersion, StoredModel } from '../store/store.ts'
import type { Commands } from '../writer.ts'
import { type Fault, fail, NO_VERSION, NOT_FOUND } from './failure.ts'
import { type Route, route } from './route.ts'

export interface ModelsOptions {
  readonly writer: Pick<Commands, 'insertDraft'>
  readonly models: Models
  readonly editions: Editions
  readonly jobs: Jobs
  readonly now: () => number
}

const INVALID_MODEL: Fault = {
  status: 400,
  code: 'invalid_model',
  message: 'The model has mistakes; details name each.',
}

const SCHEMA = 'application/schema+json'

export const modelRoutes = (options: ModelsOptions): readonly Route[] => [
  ...modelReading(options),
  ...modelDrafting(options),
]

const read = { method: 'GET', who: 'read' } as const

const modelReading = ({ models, editions, jobs }: ModelsOptions): readonly Route[] => [
  route(
    {
      ...read,
      path: '/api/models',
      about: 'The versions of the scoring model, the newest first.',
      answers: { 200: { about: 'All of them, without their documents.', schema: ModelList } },
    },
    async ({ c }) => {
      const versions = await models.versions()
      return c.json({ active: editions.current().version, items: versions.map(showVersion) })
    },
  ),
  route(
    {
      ...read,
      path: '/api/models/schema.json',
      about: 'The JSON Schema of a model, for editors.',
      answers: { 200: { about: 'A JSON Schema.', schema: z.looseObject({}), type: SCHEMA } },
    },
    ({ c }) => c.body(JSON.stringify(modelSchema()), 200, { 'content-type': SCHEMA }),
  ),
  route(
    {
      ...read,
      path: '/api/models/presets',
      about: 'Models to begin with.',
      answers: { 200: { about: 'Each with its document.', schema: PresetList } },
    },
    ({ c }) => c.json({ items: PRESETS.map((preset) => ({ preset, model: presetNamed(preset) })) }),
  ),
  route(
    {
      ...read,
      path: '/api/models/jobs/:id',
      about: 'How far a simulation or a publication has come.',
      answers: { 200: { about: 'The job.', schema: JobAnswer } },
      faults: [NOT_FOUND],
    },
    async ({ c }) => {
      const job = await jobs.get(c.req.param('id')!)
      return job ? c.json(showJob(job)) : fail(c, NOT_FOUND)
    },
  ),
  route(
    {
      ...read,
      path: '/api/models/:v',
      about: 'One version, by its number or `active`.',
      answers: { 200: { about: 'With its document.', schema: WholeModel } },
      faults: [NO_VERSION],
    },
    async ({ c }) => {
      const stored = await versionIn(c, models)
      return stored ? c.json(showWhole(stored)) : fail(c, NO_VERSION)
    },
  ),
]

const modelDrafting = ({ writer, models, now }: ModelsOptions): readonly Route[] => [
  route(
    {
      method: 'POST',
      path: '/api/models/validate',
      who: 'admin',
      about: 'Checks a model and keeps nothing.',
      takes: DraftBody,
      answers: { 200: { about: 'Every mistake with its place.', schema: Validation } },
    },
    async ({ c, json }) => {
      const { mistakes = [] } = await draftIn(json, models)
      return c.json({ valid: mistakes.length === 0, mistakes })
    },
  ),
  route(
    {
      method: 'POST',
      path: '/api/models',
      who: 'admin',
      about: 'Keeps a draft: a model, a preset, or a change of a version.',
      takes: DraftBody,
      answers: { 201: { about: 'The draft.', schema: WholeModel } },
      faults: [INVALID_MODEL],
    },
    async ({ c, json }) => {
      const { draft, mistakes } = await draftIn(json, models)
      if (!draft) return fail(c, { ...INVALID_MODEL, details: mistakes })
      const version = await writer.insertDraft({ ...draft, createdAt: now() })
      return c.json(showWhole((await models.model(version))!), 201)
    },
  ),
]

/** The version an address names: a number, or `active`. */
export const versionIn = async (c: Context, models: Models): Promise<StoredModel | undefined> => {
  const named = c.req.param('v') ?? ''
  if (named === 'active') return models.published()
  return /^[1-9]\d{0,8}$/.test(named) ? models.model(Number(named)) : undefined
}

export const showVersion = (version: ModelVersion) => ({
  version: version.version,
  state: version.state,
  active: version.state === 'published',
  name: version.name,
  author: version.author,
  approver: version.approver ?? null,
  reason: version.reason,
  createdAt: isoOf(version.createdAt),
  publishedAt: version.publishedAt === undefined ? null : isoOf(version.publishedAt),
})

const showWhole = (stored: StoredModel) => ({ ...showVersion(stored), model: stored.model })

export const showJob = ({ startedAt, endedAt, result, problem, ...job }: Job) => ({
  ...job,
  startedAt: isoOf(startedAt),
  endedAt: endedAt === undefined ? null : isoOf(endedAt),
  result: result ?? null,
  problem: problem ?? null,
})
