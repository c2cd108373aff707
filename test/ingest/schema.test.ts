/** The schemas can be published: each becomes a JSON schema of what goes in. */
import { expect, it } from 'vitest'
import { z } from 'zod'
import { Context, PageProperties, SEGMENT_CALLS, SNIPPET_EVENTS, SnippetHead } from '../../collector/ingest/schema.ts'

const all = { ...SNIPPET_EVENTS, ...SEGMENT_CALLS, SnippetHead, PageProperties, Context }

it.each(Object.entries(all))('%s', (_, schema) => {
  expect(z.toJSONSchema(schema, { io: 'input' })).toMatchObject({ type: 'object' })
})

it('says what an event of the snippet takes', () => {
  const { required, properties } = z.toJSONSchema(SNIPPET_EVENTS.engagement, { io: 'input' })
  expect(required).toEqual(['id', 'at', 'view', 'type', 'seconds', 'scroll'])
  expect(properties?.id).toMatchObject({ type: 'string', maxLength: 255 })
})
