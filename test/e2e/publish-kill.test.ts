/** The program is killed while it rebuilds everyone under another model: it serves the old one, and can do it again. */
import { expect, it } from 'vitest'
import type { VisitorPage } from '../../shared/answer.ts'
import { type Program, startProgram } from './program.ts'

const PEOPLE = 3000
const TRIES = 6

interface Versions {
  readonly active: number
  readonly items: readonly { readonly version: number; readonly state: string }[]
}

const post = async <Body>({ url, token }: Program, path: string, body: object): Promise<Body> => {
  const headers = { authorization: `Bearer ${token}` }
  return (await (await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })).json()) as Body
}
const publish = (program: Program, version: number, wait: number) =>
  post<{ id: string; state: string }>(program, `/api/models/${version}/publish?wait=${wait}`, { reason: 'a trial' })

/** Everyone's score and version, in order. */
const hottest = async (program: Program): Promise<readonly (readonly [string, string, number])[]> => {
  const { items } = await program.get<VisitorPage>('/api/visitors?limit=200&sort=score')
  return items.map(({ id, qualification, modelVersion }) => [id, qualification, modelVersion] as const)
}

it('killed in the midst of publishing, it serves one model or the other, whole', { timeout: 120_000 }, async () => {
  let program = await startProgram()
  const person = (n: number) => [
    { type: 'track', event: 'demo_request', anonymousId: `a${n}`, messageId: `d${n}` },
    { type: 'identify', anonymousId: `a${n}`, messageId: `i${n}`, traits: { email: `p${n}@acme.example` } },
    ...[1, 2, 3].map((k) => ({ type: 'track', event: 'case_study', anonymousId: `a${n}`, messageId: `c${n}-${k}` })),
  ]
  for (let n = 0; n < PEOPLE; n += 500)
    await program.importBatch(Array.from({ length: 500 }, (_, k) => person(n + k)).flat())

  let caught = 0
  for (let round = 0; round < TRIES && caught < 2; round += 1) {
    const { version } = await post<{ version: number }>(program, '/api/models', {
      preset: 'standard',
      handover: round % 2 ? 'action' : 'strict',
    })
    const before = await program.get<Versions>('/api/models')
    await publish(program, version, 0)
    await new Promise((resolve) => setTimeout(resolve, 20 + 40 * round))
    program = await program.restart()
    const { active, items } = await program.get<Versions>('/api/models')
    const people = await hottest(program)
    expect(people).toHaveLength(200)
    expect(people.every(([, , model]) => model === active)).toBe(true)
    const strict = active % 2 === 0
    if (active > 1) expect(people.every(([, qualification]) => qualification === (strict ? 'mql' : 'sql'))).toBe(true)
    if (active === version) continue
    caught += 1
    expect(active).toBe(before.active)
    expect(items.find((each) => each.version === version)?.state).toBe('draft')
    expect((await publish(program, version, 20)).state).toBe('done')
    expect((await hottest(program)).every(([, , model]) => model === version)).toBe(true)
  }
  expect(caught).toBeGreaterThan(0)
  await program.end()
})
