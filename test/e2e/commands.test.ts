/** The command line against the real program: what it prints, and with what it ends. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Program, startProgram } from './program.ts'

const BIN = join(import.meta.dirname, '../../collector/bin.js')
let program: Program
let folder = ''
beforeAll(async () => {
  program = await startProgram()
  folder = dirname(/in (\S+admin-token)/.exec(program.output())![1]!)
  const about = { anonymousId: 'a'.repeat(32), timestamp: new Date().toISOString() }
  await program.importBatch([
    { ...about, type: 'page', messageId: '1', properties: { url: 'https://a.example/pricing' } },
    { ...about, type: 'identify', messageId: '2', traits: { email: 'ann@acme.example' } },
  ])
})
afterAll(() => program.end())

const run = async (...words: readonly string[]) => {
  const child = spawn(process.execPath, [BIN, ...words], {
    env: {
      ...{ ...process.env, NODE_ENV: 'test', PORT: new URL(program.url).port },
      DATABASE_URL: `file:${join(folder, 'leadlight.db')}`,
    },
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (text) => (out += text))
  child.stderr.on('data', (text) => (err += text))
  const [code] = await once(child, 'close')
  return { code: code as number, out, err }
}

describe('leadlight', () => {
  it('teaches what there is', async () => {
    const { code, out } = await run('--help')
    expect(code).toBe(0)
    for (const name of ['serve', 'doctor', 'site', 'key', 'model', 'erase', 'backup', 'import', 'export', 'demo-data'])
      expect(out).toContain(`leadlight ${name}`)
    const erase = await run('erase', '--help')
    expect(erase.code).toBe(0)
    expect(erase.out.trimEnd().split('\n')[0]).toMatch(/^ {2}leadlight erase WHO/)
    expect(out).toContain(erase.out.trimEnd())
    expect(await run('nothing')).toMatchObject({ code: 1, out: '' })
  })

  it.each([
    ['serve', 'now'],
    ['serve', '--prot=80'],
    ['doctor', 'who'],
    ['doctor', '--jsn'],
    ['site', 'list', 'shop'],
    ['site', 'remove', 'shop', 'store', '--yes'],
    ['key', 'create', 'read', 'write'],
    ['model', 'list', '1'],
    ['model', 'show', '1', '2'],
    ['model', 'constructor'],
    ['export', '/nowhere/a.csv', '/nowhere/b.csv'],
  ])('refuses words that it would not heed: %s %s %s', async (...words) => {
    const { code, out, err } = await run(...words)
    expect([code, out]).toEqual([1, ''])
    expect(err).toContain(`Usage:\n  leadlight ${words[0] === 'key' ? 'site' : words[0]}`)
  })

  it('doctor finds a running collector well, and says what it looked at', async () => {
    const { code, out } = await run('doctor', '--json')
    const { findings } = JSON.parse(out) as { findings: readonly { what: string; state: string; says: string }[] }
    expect(findings.filter(({ state }) => state === 'fail')).toEqual([])
    expect(findings.map(({ what }) => what)).toEqual([
      ...['node', 'folder', 'disk', 'database', 'port', 'public url', 'proxy', 'model'],
    ])
    expect(findings.find(({ what }) => what === 'port')!.says).toContain('can write')
    expect(code).toBe(0)
  })

  it('site and key make, change, show and remove', async () => {
    expect((await run('site', 'add', 'shop')).out).toMatch(/^shop {2}site_\w+/)
    expect((await run('site', 'set', 'shop', '{"retentionDays":30}')).out).toContain('keeps 30 days')
    const before = (await run('site', 'list', '--json')).out
    await run('site', 'rotate', 'shop')
    expect((await run('site', 'list', '--json')).out).not.toBe(before)
    expect(await run('site', 'remove', 'shop')).toMatchObject({ code: 1, err: expect.stringContaining('--yes') })
    expect((await run('site', 'remove', 'shop', '--yes')).out).toBe('0 visitors and 0 events are gone.\n')
    const key = (await run('key', 'create', 'read', '--label', 'Sheet')).out
    expect(key).toMatch(/read_[\w-]{43}/)
    expect((await run('key', 'revoke', key.split(' ')[0]!)).code).toBe(0)
    expect((await run('key', 'list')).out).not.toContain('Sheet')
    expect((await run('key', 'signin')).out).toMatch(/signin\?token=/)
  })

  it('erase looks first, asks to be sure, and tells nobody from an outage', async () => {
    const { out } = await run('erase', 'ann@acme.example', '--export')
    expect(JSON.parse(out).people[0].visitor.traits.email).toBe('ann@acme.example')
    expect((await run('erase', 'ann@acme.example')).code).toBe(1)
    expect(await run('erase', 'ann@acme.example', '--yes')).toMatchObject({
      ...{ code: 0, out: '1 erased, with 2 events. What comes late is refused.\n' },
    })
    expect((await run('erase', 'ann@acme.example', '--yes')).code).toBe(3)
  })
})
