/** The model's life by HTTP and from the shell: drafted, simulated, published, reverted, and looked through. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askCollector } from '../../collector/command/ask.ts'
import { runModel } from '../../collector/command/model.ts'
import { runReplay } from '../../collector/command/replay.ts'
import { CommandError, type Terminal } from '../../collector/command/terminal.ts'
import { DEFAULT_MODEL } from '../../shared/default-model.ts'
import { presetNamed } from '../../shared/presets.ts'
import type { Simulation } from '../../shared/simulation.ts'
import { ADMIN, type Collector, startCollector } from './collector.ts'

interface Version {
  readonly version: number
  readonly state: string
  readonly active: boolean
  readonly approver: string | null
  readonly reason: string
  readonly name: string
  readonly model: typeof DEFAULT_MODEL
}
interface Job<Result> {
  readonly id: string
  readonly state: string
  readonly progress: number
  readonly result: Result
}
interface Shown {
  readonly items: readonly { readonly id: string; readonly qualification: string; readonly modelVersion: number }[]
  readonly nextCursor: string | null
}
interface Failed {
  readonly error: { readonly code: string; readonly message: string; readonly details: readonly object[] }
}

let collector: Collector
const admin = <Body>(path: string, method?: string, body?: unknown) => collector.admin<Body>(path, method, body)
const draft = async (body: object) => (await admin<Version>('/api/models', 'POST', body)).body
const publish = async (version: number) =>
  (await admin<Job<Version>>(`/api/models/${version}/publish?wait=20`, 'POST', { reason: 'better', approver: 'Bob' }))
    .body
const ann = async (query = '') => (await admin<Shown['items'][number]>(`/api/visitors/ann@acme.example${query}`)).body

const call = (anonymousId: string, event: string, n: number) => ({
  type: 'track',
  anonymousId,
  event,
  messageId: `${anonymousId}-${n}`,
})

beforeAll(async () => {
  collector = await startCollector()
  const batch = [
    call('a', 'demo_request', 1),
    { type: 'identify', anonymousId: 'a', messageId: 'a-2', traits: { email: 'ann@acme.example' } },
    call('b', 'case_study', 1),
    call('b', 'comparison', 2),
    call('c', 'comparison', 1),
  ]
  const { body } = await admin<{ accepted: number }>('/v1/import', 'POST', { batch })
  expect(body.accepted).toBe(5)
})
afterAll(() => collector.end())

describe('the versions', () => {
  it('begin with one that scores', async () => {
    const { body } = await admin<{ active: number; items: readonly Version[] }>('/api/models')
    expect(body).toMatchObject({
      active: 1,
      items: [{ version: 1, state: 'published', active: true, name: 'Standard' }],
    })
    expect((await admin<Version>('/api/models/active')).body.model).toEqual(DEFAULT_MODEL)
  })

  it.each([
    ['a whole model', { model: presetNamed('long') }, 'Long cycle'],
    ['a model by itself', presetNamed('shop'), 'Shop'],
    ['a preset', { preset: 'agency', handover: 'strict' }, 'Agency'],
    ['a patch on the active one', { patch: { name: 'Patched', halfLifeDays: 21 } }, 'Patched'],
    ['a patch on another', { patch: { aliases: { post: 'tofu_page' } }, base: 1 }, 'Standard'],
  ])('are drafted from %s', async (_, body, name) => {
    const drafted = await draft({ ...body })
    expect(drafted).toMatchObject({ state: 'draft', active: false, name })
    expect((await admin<Version>(`/api/models/${drafted.version}`)).body.model).toEqual(drafted.model)
  })

  it('merge a patch, and remove what it sets to null', async () => {
    const { model } = await draft({ patch: { halfLifeDays: 21, aliases: { article: null, post: 'tofu_page' } } })
    const aliases = { ...DEFAULT_MODEL.aliases, post: 'tofu_page' } as Record<string, string>
    delete aliases.article
    expect(model).toEqual({ ...DEFAULT_MODEL, halfLifeDays: 21, aliases })
  })

  it.each([
    ['no body', undefined],
    ['nothing', {}],
    ['both', { preset: 'shop', model: {} }],
    ['an unknown preset', { preset: 'bank' }],
    ['an unknown base', { patch: {}, base: 999 }],
    ['a list', []],
    ['no model', { model: null }],
  ])('are not drafted from %s', async (_, body) => {
    const { status, body: failed } = await admin<Failed>('/api/models', 'POST', body)
    expect([status, failed.error.code]).toEqual([400, 'invalid_model'])
  })

  it('say what is wrong with a draft', async () => {
    const patch = { stages: { intent: { leave: 60 } }, formSignal: 'nothing' }
    const details = [
      { path: 'stages.intent', message: 'stage `intent` leaves at 60 but enters at 50' },
      { path: 'formSignal', message: 'there is no signal `nothing` in signals' },
    ]
    expect((await admin<Failed>('/api/models', 'POST', { patch })).body.error.details).toEqual(details)
    const checked = await admin<{ valid: boolean; mistakes: readonly object[] }>('/api/models/validate', 'POST', {
      patch,
    })
    expect(checked.body).toEqual({ valid: false, mistakes: details })
    expect((await admin('/api/models/validate', 'POST', { preset: 'shop' })).body).toEqual({
      valid: true,
      mistakes: [],
    })
  })

  it.each(['0', '999', 'x', '1e3', '-1', '%00', '9999999999'])('there is no version %s', async (version) => {
    expect((await admin(`/api/models/${version}`)).status).toBe(404)
    expect((await admin(`/api/models/${version}/simulate`, 'POST')).status).toBe(404)
  })

  it('have a schema for editors', async () => {
    const { headers, body } = await admin<{ properties: object }>('/api/models/schema.json')
    expect(headers.get('content-type')).toContain('application/schema+json')
    expect(Object.keys(body.properties)).toContain('halfLifeDays')
  })

  it('have presets to begin with', async () => {
    const { body } = await admin<{ items: readonly { preset: string }[] }>('/api/models/presets')
    expect(body.items.map(({ preset }) => preset)).toEqual(['standard', 'short', 'long', 'saas', 'agency', 'shop'])
  })

  it('are changed by administrators alone', async () => {
    const { body } = await admin<{ secret: string }>('/api/keys', 'POST', { kind: 'read' })
    const { version } = await draft({ preset: 'shop' })
    const token = body.secret
    expect((await collector.ask('/api/models', { token })).status).toBe(200)
    for (const path of ['', '/validate', `/${version}/simulate`, `/${version}/publish`, `/${version}/revert`])
      expect((await collector.ask(`/api/models${path}`, { token, method: 'POST', body: '{}' })).status).toBe(403)
  })
})

describe('a simulation', () => {
  it('tells what a draft would change, and changes nothing', async () => {
    const { version } = await draft({ preset: 'standard', handover: 'strict' })
    const { status, body } = await admin<Job<Simulation>>(`/api/models/${version}/simulate?wait=20`, 'POST')
    expect([status, body.state, body.progress]).toEqual([200, 'done', 1])
    expect(body.result).toMatchObject({ visitors: 3, events: 5, changed: 1 })
    expect(body.result.qualifications.sql).toMatchObject({ sql: 0, mql: 1 })
    const { id } = await ann()
    expect(body.result.losses.sql).toEqual({
      count: 1,
      rules: [{ rule: 'raised their hand', count: 1 }],
      visitors: [{ visitor: id, from: 'sql', to: 'mql', rule: 'raised their hand' }],
    })
    expect(await ann()).toMatchObject({ qualification: 'sql', modelVersion: 1 })
  })

  it('can be followed', async () => {
    const { version } = await draft({ preset: 'long' })
    const started = await admin<Job<Simulation>>(`/api/models/${version}/simulate?wait=0`, 'POST')
    expect(started.status).toBe(202)
    expect(started.headers.get('location')).toBe(`/api/models/jobs/${started.body.id}`)
    const busy = await admin<Failed>(`/api/models/${version}/simulate?wait=0`, 'POST')
    expect([busy.status, busy.body.error.code]).toEqual([409, 'busy'])
    const job = async () => (await admin<Job<Simulation>>(`/api/models/jobs/${started.body.id}`)).body
    await expect.poll(async () => (await job()).state, { timeout: 20_000 }).toBe('done')
    expect((await job()).result.visitors).toBe(3)
    expect((await admin('/api/models/jobs/none')).status).toBe(404)
  })
})

describe('publishing', () => {
  it('needs a reason, and a draft', async () => {
    const { version } = await draft({ preset: 'long' })
    expect((await admin(`/api/models/${version}/publish`, 'POST', { approver: 'Bob' })).status).toBe(400)
    expect((await admin(`/api/models/${version}/publish`, 'POST', { reason: '', approver: 'Bob' })).status).toBe(400)
    expect((await admin<Failed>('/api/models/1/publish', 'POST', { reason: 'x' })).body.error.code).toBe('not_a_draft')
    expect((await admin<Failed>(`/api/models/${version}/revert`, 'POST')).body.error.code).toBe('never_published')
  })

  it('changes what is read, from the next answer on, and can be undone', async () => {
    const page = (await admin<Shown>('/api/visitors?limit=1')).body
    const { version } = await draft({ preset: 'standard', handover: 'strict' })
    expect((await publish(version)).result).toMatchObject({
      version,
      state: 'published',
      approver: 'Bob',
      reason: 'better',
    })
    expect(await ann()).toMatchObject({ qualification: 'mql', modelVersion: version })
    expect(await ann('?model=1')).toMatchObject({ qualification: 'sql', modelVersion: 1 })
    expect(await ann(`?at=${new Date(Date.now() + 1000).toISOString()}`)).toMatchObject({ modelVersion: version })
    expect((await admin('/api/visitors/ann@acme.example?model=999')).status).toBe(404)

    const stale = await admin<Failed>(`/api/visitors?limit=1&cursor=${page.nextCursor}`)
    expect([stale.status, stale.body.error.code]).toEqual([409, 'model_changed'])

    const undone = (await admin<Job<Version>>(`/api/models/${version}/revert?wait=20`, 'POST')).body.result
    expect(undone).toMatchObject({ state: 'published', reason: 'Back to version 1' })
    expect(undone.version).toBeGreaterThan(version)
    expect(await ann()).toMatchObject({ qualification: 'sql', modelVersion: undone.version })
    const again = (await admin<Job<Version>>(`/api/models/${version}/revert?wait=20`, 'POST')).body.result
    expect(again.reason).toBe(`Back to version ${version}`)
    await admin('/api/models/1/revert?wait=20', 'POST')
    const { body } = await admin<{ items: readonly Version[] }>('/api/models')
    expect(body.items.filter(({ active }) => active)).toHaveLength(1)
  })

  it('tells the live stream of nothing that did not happen', async () => {
    const { body } = await admin<{ items: readonly { kind: string; cause: string; rule: string }[] }>(
      '/api/visitors/ann@acme.example/timeline',
    )
    const causes = body.items.filter(({ kind }) => kind === 'transition')
    expect(causes.filter(({ cause }) => cause === 'model').every(({ rule }) => /^model \d+$/.test(rule))).toBe(true)
    expect(causes.filter(({ cause }) => cause === 'live').some(({ rule }) => rule.startsWith('model'))).toBe(false)
  })

  it('scores companies under the new model too', async () => {
    const score = async () => (await admin<{ score: number }>('/api/accounts/acme.example')).body.score
    const before = await score()
    await publish((await draft({ patch: { signals: { demo_request: { points: 20 } } } })).version)
    expect([Math.round(before), Math.round(await score())]).toEqual([45, 20])
    await admin('/api/models/1/revert?wait=20', 'POST')
    expect(Math.round(await score())).toBe(45)
  })

  it('takes events as always while everyone is rebuilt', async () => {
    const crowd = Array.from({ length: 2000 }, (_, n) => call(`crowd-${n}`, 'demo_request', 1))
    expect((await admin<{ accepted: number }>('/v1/import', 'POST', { batch: crowd })).body.accepted).toBe(2000)
    const { version } = await draft({ patch: { name: 'Crowded', signals: { demo_request: { points: 30 } } } })
    const reason = { reason: 'a trial' }
    const started = await admin<Job<Version>>(`/api/models/${version}/publish?wait=0`, 'POST', reason)
    const job = async () => (await admin<Job<Version>>(`/api/models/jobs/${started.body.id}`)).body
    let meanwhile = 0
    for (; (await job()).state === 'running'; meanwhile += 1) {
      const batch = [call(`crowd-${meanwhile}`, 'comparison', 2), call(`new-${meanwhile}`, 'demo_request', 1)]
      expect((await admin<{ accepted: number }>('/v1/import', 'POST', { batch })).body.accepted).toBe(2)
    }
    expect([started.status, (await job()).state]).toEqual([202, 'done'])
    expect(meanwhile).toBeGreaterThan(0)
    for (const [name, score] of [
      ['crowd-0', 38],
      ['new-0', 30],
      [`crowd-${meanwhile}`, 30],
    ] as const)
      expect((await admin<object>(`/api/visitors/${name}`)).body).toMatchObject({ score, modelVersion: version })
    await admin('/api/models/1/revert?wait=20', 'POST')
  })

  it('explains under the model that is named', async () => {
    const { version } = await draft({ patch: { signals: { demo_request: { points: 20 } } } })
    const points = async (query: string) => {
      const { body } = await admin<{ items: readonly { points: number }[] }>(
        `/api/visitors/ann@acme.example/explain${query}`,
      )
      return body.items.map((row) => row.points)
    }
    expect([await points(''), await points(`?model=${version}`)]).toEqual([[45], [20]])
  })
})

describe('the shell', () => {
  const shell = () => {
    const lines: string[] = []
    const { hostname, port } = new URL(collector.url)
    const terminal: Terminal = {
      print: (text) => lines.push(text),
      progress: () => {},
      ask: (method, path, body) =>
        askCollector({ host: hostname, port: Number(port), token: ADMIN }, { method, path, body }),
      read: (path) => readFile(path, 'utf8'),
      user: 'carla',
      pause: () => new Promise((resolve) => setTimeout(resolve, 20)),
    }
    const run = async (...words: string[]) => ({
      code: await runModel(words, terminal),
      text: lines.splice(0).join('\n'),
    })
    const replay = async (...words: string[]) => ({
      code: await runReplay(words, terminal),
      text: lines.splice(0).join('\n'),
    })
    return { run, replay }
  }
  const file = (content: unknown): string => {
    const path = join(mkdtempSync(join(tmpdir(), 'leadlight-')), 'model.json')
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
    return path
  }

  it('goes all the way', async () => {
    const { run } = shell()
    const path = file(presetNamed('standard', 'strict'))
    expect(await run('validate', path)).toEqual({ code: 0, text: `${path} is a model without mistakes.` })
    const { version } = JSON.parse((await run('draft', path, '--json')).text) as Version
    const simulated = await run('simulate', String(version))
    expect(simulated.text).toContain('would stand elsewhere.')
    expect(simulated.text).toContain('Would no longer be SQL: 1\n')
    expect((await run('publish', String(version), '--reason', 'sales asked')).text).toContain('scores from now on')
    expect((await run('list')).text.split('\n')[0]).toMatch(/^\* +\d+ {2}published .* Standard {2}carla: sales asked$/)
    expect((await run('revert', 'active')).text).toContain('scores again')
    expect(JSON.parse((await run('show', 'active')).text)).toEqual(DEFAULT_MODEL)
  })

  it('ends with 2 where a model has mistakes', async () => {
    const { run } = shell()
    const path = file({ ...DEFAULT_MODEL, returnWithinDays: 0 })
    expect(await run('validate', path)).toEqual({ code: 2, text: 'returnWithinDays: takes more than 0' })
    expect(await run('draft', path)).toEqual({ code: 2, text: 'returnWithinDays: takes more than 0' })
    expect((await run('validate', path, '--json')).text).toContain('"valid": false')
  })

  it.each([
    [['publish', '1']],
    [['publish', '1', '--reason', 'x']],
    [['show', '../sites']],
    [['show', '999']],
    [['simulate']],
    [['fly']],
    [['list', '--colour']],
    [['validate', file('{')]],
  ])('refuses %j with a sentence', async (words) => {
    await expect(shell().run(...words)).rejects.toThrow(CommandError)
  })

  it('derives everyone anew, so that changed page rules hold for the past as well', async () => {
    const at = { type: 'page', anonymousId: 'reader-7', messageId: 'reader-7-1', properties: { path: '/our-offer' } }
    await admin('/v1/import', 'POST', {
      batch: [{ ...at, context: { page: { url: 'https://acme.example/our-offer' } } }],
    })
    const score = async () => (await admin<{ score: number }>('/api/visitors/reader-7')).body.score
    const before = await score()
    const pageRules = [{ path: '/our-offer', signal: 'pricing', funnel: 'bofu' }]
    await admin('/api/sites/default', 'PATCH', { pageRules })
    expect(await score()).toBe(before)
    const { code, text } = await shell().replay()
    expect([code, text]).toEqual([0, expect.stringContaining('Everyone is derived anew.')])
    expect(await score()).toBeGreaterThan(before + 5)
  })
})
