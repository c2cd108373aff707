/** Naughty strings in every field: stored inert, and as they were but for what is documented. */
import { describe, expect, test } from 'vitest'
import { parseSegment } from '../../collector/ingest/segment.ts'
import { browser, segment, server, snippet } from './arrival.ts'
import { dataFile, jsonFile } from './data.ts'
import { inEveryField, KINDS, TYPED } from './field.ts'
import { checkResult } from './inert.ts'

const blns = dataFile('robustness/blns.json')
const naughty = jsonFile(blns) as readonly string[]

describe.skipIf(!blns)('naughty strings', () => {
  const spoken = naughty.filter((text) => text.replaceAll('\0', '') !== '')

  test('are there', () => {
    expect(spoken.length).toBeGreaterThan(500)
  })

  test('in every field of the snippet are stored inert', () => {
    for (const text of spoken) {
      const batch = snippet(
        TYPED.map((event, n) => ({ id: `${n}${text}`.slice(0, 255), at: 1, ...inEveryField(text), ...event })),
      )
      checkResult(batch)
      expect(batch.events).toHaveLength([...text].length > 255 ? 0 : TYPED.length)
    }
  })

  test('in an SDK come out byte by byte as they went in, but for what is documented', () => {
    for (const text of spoken.filter(({ length }) => length <= 255)) {
      const batch = segment(
        { messageId: text, userId: text, event: text, properties: { text }, context: { sessionId: text } },
        'track',
      )
      checkResult(batch)
      const [{ who, event } = expect.fail()] = batch.events
      const documented = text.toWellFormed().replaceAll('\0', '')
      expect(event).toMatchObject({
        id: documented,
        name: documented,
        session: documented,
        props: { text: documented },
      })
      expect(who.user).toBe(documented)
    }
  })

  test('as keys, heads and places never throw', () => {
    for (const text of naughty) {
      const fields = inEveryField(text)
      checkResult(snippet([], { site: text, visitor: text, sent: text, automated: text, [text]: text }))
      for (const kind of KINDS)
        for (const arrival of [browser, server])
          checkResult(
            parseSegment(
              JSON.stringify({
                ...fields,
                userId: text,
                anonymousId: text,
                groupId: text,
                previousId: text,
                event: text,
                timestamp: text,
                properties: { ...fields, path: text, search: text, funnel: text },
                context: { page: fields, campaign: fields, traits: fields },
                batch: [{ type: text }, text, { ...fields, type: 'page', userId: text, timestamp: undefined }],
              }),
              kind,
              arrival,
            ),
          )
    }
  })
})
