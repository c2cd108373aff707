/** A stand-in for the collector: serves pages and the snippet, and writes down what arrives. It can be slow, refuse, or fall silent. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
// @ts-expect-error: build.mjs is plain JavaScript, so that it runs before anything is set up
import { bundleSnippet } from '../../build.mjs'

/** An event as it arrived. */
export type Seen = { readonly [name: string]: unknown } & {
  readonly id: string
  readonly type: string
  readonly view: string
}
export interface Arrival {
  readonly at: number
  readonly method: string
  readonly text: string
  readonly contentType: string | undefined
  readonly body: {
    readonly visitor?: string
    readonly site: string
    readonly automated?: boolean
    readonly events: readonly Seen[]
  }
}
/** What becomes of a post: a status, after a wait in milliseconds; status 0 cuts the line without a word. */
export interface Fate {
  readonly status?: number
  readonly wait?: number
  readonly headers?: Record<string, string>
  readonly answer?: object
}

const textOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

const CORS = { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'retry-after' }

export const createRecorder = async () => {
  const script: string = await bundleSnippet()
  const pages = new Map<string, string>()
  /** Everything that was posted, whatever became of it. */
  const posts: Arrival[] = []
  /** What was answered with 200. */
  const taken: Arrival[] = []
  /** Anything else that was asked of `/e`: preflights. */
  const strays: string[] = []
  /** The paths of everything else that was asked for. */
  const asked: string[] = []
  let fate: (arrival: Arrival) => Fate = () => ({})
  let prefix = ''

  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const text = await textOf(request)
    const arrival = {
      at: Date.now(),
      method: request.method!,
      text,
      contentType: request.headers['content-type'],
      body: JSON.parse(text),
    }
    posts.push(arrival)
    const { status = 200, wait = 0, headers = {}, answer = {} } = fate(arrival)
    if (wait) await new Promise((resolve) => setTimeout(resolve, wait))
    if (!status) return void request.socket.destroy()
    if (status === 200) taken.push(arrival)
    response.writeHead(status, { ...CORS, 'content-type': 'application/json', ...headers })
    response.end(JSON.stringify({ accepted: arrival.body.events?.length, duplicate: 0, rejected: [], ...answer }))
  }
  const server = createServer((request, response) => {
    const path = request.url!.split('?')[0]!
    asked.push(path)
    if (path.endsWith('/e') && request.method === 'POST')
      return void receive(request, response).catch(() => response.destroy())
    if (path.endsWith('/e')) {
      strays.push(request.method!)
      return void response.writeHead(204, { ...CORS, 'access-control-allow-headers': '*' }).end()
    }
    if (path.endsWith('/leadlight.js'))
      return void response.writeHead(200, { 'content-type': 'text/javascript' }).end(prefix + script)
    const html = pages.get(path)
    if (path.match(/\.(pdf|zip|docx)$/i))
      return void response.writeHead(200, { 'content-disposition': 'attachment' }).end('file')
    response.writeHead(html === undefined ? 404 : 200, { 'content-type': 'text/html' }).end(html ?? '')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  return {
    origin: `http://localhost:${port}`,
    port,
    posts,
    taken,
    strays,
    asked,
    /** Adds a page with the snippet in its head. */
    page: (path: string, body: string, { head = '', tag = 'data-site="site"', html = '' } = {}) => {
      const snippet = tag && `<script defer src="/leadlight.js" ${tag}></script>`
      pages.set(
        path,
        `<!doctype html><html ${html}><head><title>${path}</title>${snippet}${head}</head><body>${body}</body></html>`,
      )
    },
    fate: (next: (arrival: Arrival) => Fate) => {
      fate = next
    },
    /** What stands before the script, as where a site has settings. */
    prefix: (text: string) => {
      prefix = text
    },
    reset: () => {
      posts.length = taken.length = strays.length = asked.length = 0
      fate = () => ({})
      prefix = ''
    },
    /** The events taken, each once, in the order of arrival. */
    events: (type?: string): readonly Seen[] => {
      const all = new Map(taken.flatMap(({ body }) => body.events.map((event) => [event.id, event])))
      return [...all.values()].filter((event) => !type || event.type === type)
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
export type Recorder = Awaited<ReturnType<typeof createRecorder>>
