/** `POST /api/models/:v/{simulate,publish,revert}`: what takes long is a job, whose end the answer waits for a while. */
import { z } from 'zod'
import { Job as JobAnswer } from '../../shared/answer-settings.ts'
import type { Simulation } from '../../shared/simulation.ts'
import type { Editions } from '../editions.ts'
import type { Jobs } from '../jobs.ts'
import type { Approval, Models, ModelVersion, Views } from '../store/store.ts'
import type { Commands } from '../writer.ts'
import { badRequest, type Fault, fail, NO_VERSION, UNAVAILABLE } from './failure.ts'
import { showJob, showVersion, versionIn } from './models.ts'
import { type Given, type Route, route } from './route.ts'

type Report = (done: number, total: number) => void

export interface ModelChangesOptions {
  readonly writer: Pick<Commands, 'insertDraft' | 'publish'> & { readonly onProgress: (report: Report) => () => void }
  readonly models: Models
  readonly editions: Editions
  readonly jobs: Jobs
  readonly runSimulation: (
    data: { readonly version: number; readonly now: number; readonly head: number },
    report: Report,
    signal: AbortSignal,
  ) => Promise<Simulation>
  readonly views: Pick<Views, 'head'>
  readonly now: () => number
}

const line = (most: number) =>
  z.string().regex(new RegExp(`^[^\\p{Cc}]{1,${most}}$`, 'u'), `takes 1 to ${most} characters on one line`)
const Approver = line(100).default('admin')
const PublishBody = z.strictObject({ reason: line(500), approver: Approver })
const RevertBody = z.strictObject({ reason: line(500).optional(), approver: Approver })
/** How many seconds the answer may wait for the job to end. */
const Wait = z.object({ wait: z.coerce.number().min(0).max(20).default(2) })

const NO_DRAFT: Fault = {
  status: 409,
  code: 'not_a_draft',
  message: 'Only a draft can be published. To go back to a former version, revert.',
}
const NO_FORMER: Fault = {
  status: 409,
  code: 'never_published',
  message: 'There is no former version to go back to: revert takes one that was published before.',
}
const BAD_BODY: Fault = { status: 400, code: 'bad_request', message: 'The body takes a reason in one line.' }
const BUSY: Fault = { status: 409, code: 'busy', message: 'Another one is under way. Try again when it has ended.' }
const FAILED: Fault = { status: 503, code: 'failed', message: 'It did not work out, and nothing has changed.' }

type Waits = z.infer<typeof Wait>

const CHANGE = {
  method: 'POST',
  who: 'admin',
  query: Wait,
  answers: {
    200: { about: 'It has ended.', schema: JobAnswer },
    202: { about: 'It is under way; Location says where to look.', schema: JobAnswer },
  },
} as const

export const modelChangeRoutes = (options: ModelChangesOptions): readonly Route[] => [
  simulateRoute(options),
  publishRoute(options),
  revertRoute(options),
]

const simulateRoute = (options: ModelChangesOptions): Route => {
  const { models, runSimulation, views, now } = options
  const about = 'What a version would have changed, on all of history.'
  const path = '/api/models/:v/simulate'
  return route({ ...CHANGE, path, about, faults: [NO_VERSION, BUSY] }, async (given) => {
    const stored = await versionIn(given.c, models)
    if (!stored) return fail(given.c, NO_VERSION)
    const { version } = stored
    return answerJob(given, options, [
      'simulate',
      version,
      async (report, signal) => runSimulation({ version, now: now(), head: await views.head() }, report, signal),
    ])
  })
}

const publishRoute = (options: ModelChangesOptions): Route => {
  const about = 'Makes a draft the version that scores.'
  const faults = [NO_VERSION, NO_DRAFT, BUSY, FAILED, UNAVAILABLE]
  const path = '/api/models/:v/publish'
  return route({ ...CHANGE, path, about, takes: PublishBody, faults: [...faults, BAD_BODY] }, async (given) => {
    const stored = await versionIn(given.c, options.models)
    if (!stored) return fail(given.c, NO_VERSION)
    const body = PublishBody.safeParse(given.json)
    if (!body.success) return fail(given.c, badRequest(body.error))
    const { version, state } = stored
    return state === 'draft' ? publish(given, options, { ...body.data, version }) : fail(given.c, NO_DRAFT)
  })
}

const revertRoute = (options: ModelChangesOptions): Route => {
  const { models } = options
  const about = 'Goes back to a former version; of the active one, to the one before it.'
  const faults = [NO_VERSION, NO_FORMER, BUSY, FAILED, UNAVAILABLE]
  const path = '/api/models/:v/revert'
  return route({ ...CHANGE, path, about, takes: RevertBody, faults: [...faults, BAD_BODY] }, async (given) => {
    const stored = await versionIn(given.c, models)
    if (!stored) return fail(given.c, NO_VERSION)
    const body = RevertBody.safeParse(given.json ?? {})
    if (!body.success) return fail(given.c, badRequest(body.error))
    const former = stored.state === 'published' ? before(await models.versions()) : stored
    return former && former.state === 'retired'
      ? revert(given, options, { ...body.data, version: former.version })
      : fail(given.c, NO_FORMER)
  })
}

/** The version that scored before the present one. */
const before = (versions: readonly ModelVersion[]): ModelVersion | undefined =>
  versions.filter(({ state }) => state === 'retired').sort((a, b) => b.publishedAt! - a.publishedAt!)[0]

/** The former document becomes a new version, so that every version has scored once and for one stretch of time. */
const revert = async (
  given: Given<Waits, unknown>,
  options: ModelChangesOptions,
  { version, approver, reason = `Back to version ${version}` }: z.infer<typeof RevertBody> & { version: number },
): Promise<Response> => {
  const { model } = (await options.models.model(version))!
  const draft = { model, author: approver, reason, createdAt: options.now() }
  return publish(given, options, { version: await options.writer.insertDraft(draft), approver, reason })
}

const publish = (
  given: Given<Waits, unknown>,
  options: ModelChangesOptions,
  { version, ...approval }: Approval & { readonly version: number },
): Promise<Response> => {
  const { writer, models, editions } = options
  return answerJob(given, options, [
    'publish',
    version,
    async (report) => {
      // Compiled before the switch, so that the first read after it finds the model that belongs to it.
      await editions.load(version)
      const stop = writer.onProgress(report)
      await writer.publish(version, approval).finally(stop)
      editions.switchTo(version)
      return showVersion((await models.model(version))!)
    },
  ])
}

const answerJob = async (
  { c, query }: Given<Waits, unknown>,
  { jobs }: Pick<ModelChangesOptions, 'jobs'>,
  work: Parameters<Jobs['start']>,
): Promise<Response> => {
  const job = jobs.start(...work)
  if (!job) return fail(c, BUSY)
  const settled = (await jobs.settled(job.id, query.wait * 1000)) ?? job
  if (settled.state === 'failed') return fail(c, { ...FAILED, message: settled.problem ?? FAILED.message })
  c.header('location', `/api/models/jobs/${job.id}`)
  return c.json(showJob(settled), settled.state === 'running' ? 202 : 200)
}
