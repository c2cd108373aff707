/** Where a request may go: the public internet and nothing else, however an address is spelt. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findDestination, isPublic, type Resolve } from '../../collector/outbox/destination.ts'
import { createSend } from '../../collector/outbox/send.ts'
import { ok, openSink, type Sink } from './sink.ts'
import { PRIVATE, UNFIT } from './spellings.ts'

let sink: Sink
beforeAll(async () => {
  sink = await openSink()
})
afterAll(() => sink.close())

const at = (text: string): string => text.replace('PORT', String(sink.port))
const post = { method: 'POST', headers: {}, body: '{}' } as const
/** Names lead where the table says; on this machine nothing is asked. */
const names =
  (table: Readonly<Record<string, readonly string[]>>): Resolve =>
  async (name) =>
    table[name.replace(/\.$/, '')] ?? []
const LOCAL = names({ localhost: ['127.0.0.1', '::1'] })

describe('an address off the public internet', () => {
  it.each(PRIVATE)('is refused: %s', async (text) => {
    const { refused } = await findDestination(at(text), { allowsPrivate: false, resolve: LOCAL })
    expect(refused).toMatch(/not on the public internet|leads nowhere|no address/)
    expect(await createSend({ allowsPrivate: false, resolve: LOCAL })({ ...post, url: at(text) })).toEqual({
      failure: refused,
    })
  })

  it('and none of them was connected to', () => {
    expect(PRIVATE.length).toBeGreaterThanOrEqual(40)
    expect(sink.connections()).toBe(0)
  })

  it('but would have been, where it is allowed: the listener listens', async () => {
    const send = createSend({ allowsPrivate: true, resolve: LOCAL })
    expect(await send({ ...post, url: at('http://127.0.0.1:PORT/') })).toMatchObject({ status: 204 })
    expect(sink.connections()).toBe(1)
  })
})

it.each(UNFIT)('what is no such address is refused, also where private ones are allowed: %s', async (text) => {
  const { refused } = await findDestination(text, {
    allowsPrivate: true,
    resolve: names({ 'example.com': ['8.8.8.8'] }),
  })
  expect(refused).toBeTypeOf('string')
})

it.each(['8.8.8.8', '1.1.1.1', '93.184.216.34', '2606:4700::1111', '2a00:1450:4001:81b::200e', '::ffff:8.8.8.8'])(
  'a public address is one: %s',
  (address) => expect(isPublic(address)).toBe(true),
)

describe('a name', () => {
  it.each([['8.8.8.8'], ['8.8.8.8', '2606:4700::1111']])(
    'that leads to the public internet is taken, and pinned: %s',
    async (...addresses) => {
      const resolve = names({ 'crm.example': addresses })
      const { pinned } = (await findDestination('https://crm.example/x', { allowsPrivate: false, resolve })) as never
      expect(pinned).toMatchObject(addresses.map((address) => ({ address })))
    },
  )

  it.each([[['8.8.8.8', '127.0.0.1']], [['10.0.0.1']], [['8.8.8.8', '::ffff:10.0.0.1']], [[]]])(
    'that leads elsewhere with any of its addresses is refused: %s',
    async (addresses) => {
      const resolve = names({ 'crm.example': addresses })
      expect((await findDestination('https://crm.example/', { allowsPrivate: false, resolve })).refused).toBeTypeOf(
        'string',
      )
    },
  )

  it('is asked for at every send: one that led elsewhere when it was saved is refused when it is sent to', async () => {
    const before = sink.connections()
    const answers = [['8.8.8.8'], ['127.0.0.1']]
    const options = { allowsPrivate: false, resolve: async () => answers.shift() ?? [] }
    const url = `http://rebinding.example:${sink.port}/`
    expect((await findDestination(url, options)).refused).toBeUndefined()
    expect(await createSend(options)({ ...post, url })).toHaveProperty('failure')
    expect(sink.connections()).toBe(before)
  })

  it('is asked for once per send, and the connection goes to that very answer', async () => {
    let asked = 0
    const resolve: Resolve = async () => {
      asked += 1
      return asked === 1 ? ['127.0.0.1'] : ['8.8.8.8']
    }
    const send = createSend({ allowsPrivate: true, resolve })
    expect(await send({ ...post, url: `http://only-we-know.example:${sink.port}/` })).toMatchObject({ status: 204 })
    expect(asked).toBe(1)
    expect(sink.received.at(-1)!.headers.host).toBe(`only-we-know.example:${sink.port}`)
  })
})

it('of several addresses that were checked, one that answers is enough', async () => {
  const resolve = names({ 'two.example': ['::1', '127.0.0.1'] })
  const send = createSend({ allowsPrivate: true, resolve })
  sink.answer = ok
  expect(await send({ ...post, url: `http://two.example:${sink.port}/` })).toMatchObject({ status: 204 })
})

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])('%d is not followed', async (status) => {
    const other = await openSink()
    sink.answer = (response) => response.writeHead(status, { location: other.url }).end()
    const send = createSend({ allowsPrivate: true })
    expect(await send({ ...post, url: sink.url })).toMatchObject({ status })
    expect(other.connections()).toBe(0)
    await other.close()
  })
})
