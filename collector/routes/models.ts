/** `/api/models`: the versions of the scoring model, and how another is drafted. */
import { type Context, Hono } from 'hono'
import { modelSchema } from '../../shared/model-schema.ts'
import { isoOf } from '../../shared/present.ts'
import { PRESETS, presetNamed } from '../../shared/presets.ts'
import { draftIn } from '../draft.ts'
import type { Editions } from '../editions.ts'
import type { Job, Jobs } from '../jobs.ts'
import type { Models, ModelVersion, StoredModel } from '../store/store.ts'
import type { Commands } from '../writer.ts'
import { readJson } from './body.ts'
import { type Fault, fail, NO_VERSION, NOT_FOUND } from './failure.ts'

export interface ModelsOptions {
  readonly writer: Pick<Commands, 'insertDraft'>
  readonly models: Models
  readonly editions: Editions
  readonly jobs: Jobs
  readonly now: () => number
}

export const modelRoutes = ({ writer, models, editions, jobs, now }: ModelsOptions): Hono => {
  const app = new Hono()

  app.get('/', async (c) => {
    const versions = await models.versions()
    return c.json({ active: editions.current().version, items: versions.map(showVersion) })
  })
  app.get('/schema.json', (c) =>
    c.body(JSON.stringify(modelSchema()), 200, { 'content-type': 'application/schema+json' }),
  )
  app.get('/presets', (c) => c.json({ items: PRESETS.map((preset) => ({ preset, model: presetNamed(preset) })) }))
  app.get('/jobs/:id', (c) => {
    const job = jobs.get(c.req.param('id'))
    return job ? c.json(showJob(job)) : fail(c, NOT_FOUND)
  })
  app.get('/:v', async (c) => {
    const stored = await versionIn(c, models)
    return stored ? c.json(showWhole(stored)) : fail(c, NO_VERSION)
  })

  app.post('/validate', async (c) => {
    const { mistakes = [] } = await draftIn(await readJson(c), models)
    return c.json({ valid: mistakes.length === 0, mistakes })
  })
  app.post('/', async (c) => {
    const { draft, mistakes } = await draftIn(await readJson(c), models)
    if (!draft) return fail(c, { ...INVALID_MODEL, details: mistakes })
    const version = await writer.insertDraft({ ...draft, createdAt: now() })
    return c.json(showWhole((await models.model(version))!), 201)
  })
  return app
}

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

const INVALID_MODEL: Fault = {
  status: 400,
  code: 'invalid_model',
  message: 'The model has mistakes; details name each.',
}
