/** Listens to the live stream of a collector, as a browser does. */
import { expect } from 'vitest'
import type { Program } from '../e2e/program.ts'

export interface Hearing {
  /** Titles of the pages told of, in order. */
  readonly titles: readonly string[]
  /** As a browser keeps it: the id of the last block. */
  readonly lastId: () => string
  readonly stop: () => void
}

export const hear = async ({ url, token }: Program, resume?: string): Promise<Hearing> => {
  const gone = new AbortController()
  const headers = { authorization: `Bearer ${token}`, ...(resume && { 'last-event-id': resume }) }
  const answer = await fetch(`${url}/api/live`, { headers, signal: gone.signal })
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
  const titles: string[] = []
  let lastId = ''
  let rest = ''
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
  const take = (block: string): void => {
    const field = (name: string): string | undefined => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1]
    lastId = field('id') ?? lastId
    const { title } = JSON.parse(field('data') ?? '{}') as { title?: string }
    if (field('event') === 'event' && title !== undefined) titles.push(title)
  }
  const pump = async (): Promise<void> => {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      const blocks = (rest + value).split('\n\n')
      rest = blocks.pop()!
      for (const block of blocks) take(block)
      if (lastId !== '') started()
    }
  }
  const { promise, resolve: started } = Promise.withResolvers<void>()
  pump().catch(() => undefined)
  await promise
  return { titles, lastId: () => lastId, stop: () => gone.abort() }
}
