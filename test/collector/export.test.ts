/** Exports: everybody who was asked for, once, in cells that are never formulas, as fast as they are read. */

import { readFileSync } from 'node:fs'
import { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exportRoutes } from '../../collector/routes/export.ts'
import type { VisitorsOptions } from '../../collector/routes/visitors.ts'
import { Visitor } from '../../shared/answer.ts'
import { DEFAULT_MODEL } from '../../shared/default-model.ts'
import { dataFile } from '../ingest/data.ts'
import { ADMIN, basic, type Collector, startCollector } from './collector.ts'

/** Cells that a spreadsheet would run, and what else has broken exports. */
const NAUGHTY: readonly string[] = [
  '=1+1',
  "=cmd|' /C calc'!A0",
  '+1',
  '-2+3',
  '@SUM(1)',
  '\t=1',
  '\r=1',
  '＝1',
  'a,b',
  'a"b',
  '"',
  'a\nb',
  'a\r\nb',
  "it's",
  ' =1',
  'Ω≈ç√∫',
  '田中さん',
  '👩‍👩‍👧',
  '‮reversed',
  '<script>alert(1)</script>',
  '%s%n',
  ...(() => {
    const path = dataFile('robustness/blns.json')
    return path ? (JSON.parse(readFileSync(path, 'utf8')) as string[]).filter((text) => text.trim() !== '') : []
  })(),
]

let collector: Collector
beforeAll(async () => {
  collector = await startCollector()
  const { secret } = (await collector.admin<{ secret: string }>('/api/keys', 'POST', { kind: 'write' })).body
  const batch = NAUGHTY.flatMap((text, n) => [
    {
      type: 'identify',
      messageId: `i${n}`,
      userId: `u${n}`,
      traits: { email: `p${n}@acme.example`, name: text, company: text },
    },
    ...(n < 30 ? [{ type: 'track', messageId: `t${n}`, userId: `u${n}`, event: 'demo_request' }] : []),
  ])
  for (let start = 0; start < batch.length; start += 200) {
    const { status } = await collector.ask('/v1/import', {
      method: 'POST',
      headers: { authorization: basic(secret) },
      body: JSON.stringify({ batch: batch.slice(start, start + 200) }),
    })
    expect(status).toBe(200)
  }
  await collector.ask('/v1/import', {
    method: 'POST',
    headers: { authorization: basic(secret) },
    body: JSON.stringify({
      batch: [{ type: 'page', anonymousId: 'nobody', properties: { url: 'https://x.example/' } }],
    }),
  })
})
afterAll(() => collector.end())

/** RFC 4180, read by the letter; a row that ends within quotes, or by half a line end, is a mistake. */
const cellsOf = (text: string): readonly (readonly string[])[] => {
  const rows: string[][] = []
  let row: string[] = []
  for (let at = 0; at < text.length; ) {
    const [, quoted, plain = '', end] = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/.exec(text.slice(at))!
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    at += (quoted === undefined ? plain.length : quoted.length + 2) + end!.length
    if (end === ',') continue
    rows.push(row)
    row = []
  }
  return rows
}

const everybody = async (): Promise<readonly Visitor[]> => {
  const items: Visitor[] = []
  for (let next: string | null = ''; next !== null; ) {
    const page: { items: Visitor[]; nextCursor: string | null } = (
      await collector.admin<{ items: Visitor[]; nextCursor: string | null }>(
        `/api/visitors?limit=200${next && `&cursor=${next}`}`,
      )
    ).body
    items.push(...page.items)
    next = page.nextCursor
  }
  return items
}

const csv = async (query = '') => {
  const { status, text, headers } = await collector.ask(`/api/export.csv${query}`, { token: ADMIN })
  expect(status).toBe(200)
  const [head, ...rows] = cellsOf(text.replace(/^\ufeff/, ''))
  return {
    headers,
    text,
    head: head!,
    rows: rows.map((row) => Object.fromEntries(row.map((cell, i) => [head![i]!, cell]))),
  }
}

/** What the documentation says becomes of a cell. */
const normalised = (text: string): string => (/^[=+\-@\t\r＝＋－＠]/.test(text) ? `'${text}` : text)

describe('a spreadsheet', () => {
  it('has every visitor once, in the order of the list', async () => {
    const { rows } = await csv()
    expect(rows.length).toBe(NAUGHTY.length + 1)
    expect(rows.map(({ id }) => id)).toEqual((await everybody()).map(({ id }) => id))
  })

  it('has every text byte by byte, but for an apostrophe before what would be a formula', async () => {
    const { rows } = await csv()
    const byId = new Map((await everybody()).map((visitor) => [visitor.id, visitor]))
    for (const { id, name, company } of rows) {
      const { traits } = byId.get(id!)!
      expect([name, company]).toEqual([traits.name, traits.company].map((text) => normalised(String(text ?? ''))))
    }
    expect(rows.filter(({ name }) => name!.startsWith("'=")).length).toBeGreaterThan(1)
  })

  it('has no cell that a spreadsheet would run', async () => {
    for (const audience of ['spreadsheet', 'hubspot', 'salesforce']) {
      const { text } = await csv(`?for=${audience}`)
      const cells = cellsOf(text.replace(/^\ufeff/, '')).flat()
      expect(cells.filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([])
      expect(cells.length).toBeGreaterThan(100)
    }
  })

  it('says what it is', async () => {
    const { headers } = await csv()
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(headers.get('content-disposition')).toBe('attachment; filename="leads.csv"')
    expect(headers.get('cache-control')).toBe('no-store')
  })

  it.each([
    ['?qualification=sql', 30],
    ['?q=p7@acme', 1],
    ['?site=demo', 0],
    ['?stage=intent', 30],
    ['?minScore=40', 30],
  ])('asked with %s has %i rows', async (query, count) => {
    expect((await csv(query)).rows.length).toBe(count)
  })
})

it.each([
  ['hubspot', ['Email', 'First Name', 'Last Name', 'Lifecycle Stage']],
  ['salesforce', ['First Name', 'Last Name', 'Company', 'Email', 'Rating']],
])('for %s has the columns it knows, and only who has an address', async (audience, columns) => {
  const { head, rows } = await csv(`?for=${audience}`)
  for (const column of columns) expect(head).toContain(column)
  expect(rows.length).toBe(NAUGHTY.length)
  if (audience === 'salesforce') expect(rows.filter((row) => !row['Last Name'] || !row.Company)).toEqual([])
  else expect(new Set(rows.map((row) => row['Lifecycle Stage']))).toEqual(new Set(['lead', 'salesqualifiedlead']))
})

it('for a program is a visitor per line', async () => {
  const { text, headers } = await collector.ask('/api/export.ndjson', { token: ADMIN })
  expect(headers.get('content-type')).toMatch(/^application\/x-ndjson/)
  const visitors = text
    .trimEnd()
    .split('\n')
    .map((line) => Visitor.parse(JSON.parse(line)))
  expect(visitors.map(({ id }) => id)).toEqual((await everybody()).map(({ id }) => id))
})

describe('a slow reader', () => {
  const parts = (pages: () => void, version = () => 1) => {
    const stored = { id: 'a' }
    const options = {
      views: {
        visitors: async () => {
          pages()
          return { items: Array.from({ length: 200 }, () => stored), next: { key: 1, id: 'a', asOf: 1 } }
        },
      },
      profiles: { show: () => ({ id: 'a', padding: 'x'.repeat(500) }) },
      editions: { current: () => ({ version: version(), model: DEFAULT_MODEL }) },
      now: () => 0,
    } as unknown as VisitorsOptions
    const app = new Hono()
    for (const { path, handle } of exportRoutes(options)) app.get(path, handle)
    return app
  }

  it('makes nobody read ahead', async () => {
    let pages = 0
    const app = parts(() => {
      pages += 1
    })
    const { body } = await app.request('/api/export.ndjson')
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(pages).toBeLessThan(4)
    const reader = body!.getReader()
    for (let n = 0; n < 20; n += 1) await reader.read()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(pages).toBeGreaterThan(18)
    expect(pages).toBeLessThan(25)
    await reader.cancel()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(pages).toBeLessThan(25)
  })

  it('is told by a broken connection that another model was published meanwhile', async () => {
    let pages = 0
    const app = parts(
      () => {
        pages += 1
      },
      () => (pages > 5 ? 2 : 1),
    )
    const answer = await app.request('/api/export.ndjson')
    await expect(answer.text()).rejects.toThrow('Another model was published')
  })
})
