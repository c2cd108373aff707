/** The JSON grammar suite: what is invalid is refused, what is valid is taken. */
import { describe, expect, it, test } from 'vitest'
import { parseSegment } from '../../collector/ingest/segment.ts'
import { parseSnippet } from '../../collector/ingest/snippet.ts'
import { browser, RECEIVED, read, server } from './arrival.ts'
import { dataFile, untar } from './data.ts'
import { KINDS } from './field.ts'
import { checkResult } from './inert.ts'

const everyWay = (text: string) => [
  parseSnippet(text, browser),
  ...KINDS.map((kind) => parseSegment(text, kind, browser)),
  ...KINDS.map((kind) => parseSegment(text, kind, server)),
]

const suite = dataFile('robustness/jsontestsuite.tar.gz')
const grammar = [...untar(suite)].filter(([name]) => name.endsWith('.json'))
const cases = grammar.map(([name, bytes]) => [name.replace(/^.*\//, ''), new TextDecoder().decode(bytes)] as const)
const starting = (prefix: string) => cases.filter(([name]) => name.startsWith(prefix))

describe.skipIf(!suite)('the JSON grammar suite', () => {
  test('is there', () => {
    expect(cases.length).toBeGreaterThanOrEqual(318)
    expect(starting('n_').length).toBeGreaterThanOrEqual(180)
  })

  it.each(starting('n_'))('%s is refused', (_, text) => {
    for (const result of everyWay(text)) expect(result).toMatchObject({ status: 400, code: 'bad_json' })
  })

  it.each(cases)('%s never throws', (_, text) => {
    everyWay(text).forEach(checkResult)
  })

  it.each(starting('y_'))('%s is taken inside an event', (_, text) => {
    const event = `{"id":"e","type":"track","at":${RECEIVED},"name":"x","props":{"value":${text}}}`
    const batch = read(parseSnippet(`{"visitor":"V","events":[${event}]}`, browser))
    checkResult(batch)
    expect(batch.events).toHaveLength(1)
  })
})
