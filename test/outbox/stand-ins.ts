/** Stand-ins of other people's services: as strict as they are about what matters here, by their documentation. */
import { openSink, type Received, type Sink } from './sink.ts'

type Respond = (status: number, body?: unknown, headers?: Record<string, string>) => void

const serve = async (handle: (request: Received, respond: Respond) => void): Promise<Sink> => {
  const sink = await openSink()
  sink.answer = (response, _, request) =>
    handle(request, (status, body, headers = {}) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers })
      response.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body))
    })
  return sink
}

/** developers.hubspot.com: objects/contacts, v3. */
export const openHubspot = async (token: string, known: readonly string[] = HUBSPOT_PROPERTIES) => {
  const contacts = new Map<string, Record<string, string>>()
  const sink = await serve(({ method, path, headers, body }, respond) => {
    if (headers.authorization !== `Bearer ${token}`) return respond(401, { category: 'INVALID_AUTHENTICATION' })
    const { pathname, searchParams } = new URL(path, 'http://x')
    const [, key] = /^\/crm\/v3\/objects\/contacts(?:\/([^/]+))?$/.exec(pathname) ?? []
    const properties: Record<string, unknown> = body === '' ? {} : JSON.parse(body).properties
    const unknown = Object.keys(properties).filter((name) => !known.includes(name))
    if (unknown.length > 0)
      return respond(400, {
        category: 'VALIDATION_ERROR',
        errors: unknown.map((name) => ({ code: 'PROPERTY_DOESNT_EXIST', name })),
      })
    const written = Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, String(value)]))
    const by = searchParams.get('idProperty') ?? 'id'
    const found = [...contacts].find(
      ([id, each]) => decodeURIComponent(key ?? '') === (by === 'email' ? each.email : id),
    )
    if (method === 'POST' && pathname.endsWith('/contacts')) {
      if ([...contacts.values()].some(({ email }) => email === written.email))
        return respond(409, { category: 'CONFLICT' })
      contacts.set(String(contacts.size + 101), written)
      return respond(201, { id: String(contacts.size + 100) })
    }
    if (!found) return respond(404, { category: 'OBJECT_NOT_FOUND' })
    if (method === 'PATCH') contacts.set(found[0], { ...found[1], ...written })
    const asked = (searchParams.get('properties') ?? '').split(',')
    return respond(200, {
      id: found[0],
      properties: Object.fromEntries(asked.map((name) => [name, found[1][name] ?? null])),
    })
  })
  return { ...sink, sink, contacts }
}

export const HUBSPOT_PROPERTIES = ['email', 'company', 'jobtitle', 'lifecyclestage'].concat(
  ['at', 'score', 'stage', 'qualification', 'fit', 'reasons', 'link'].map((name) => `leadlight_${name}`),
)

/** developer.salesforce.com: OAuth 2.0 client credentials, REST upsert by external id, the limit header. */
export const openSalesforce = async (secret: string) => {
  const leads = new Map<string, Record<string, unknown>>()
  const state = { used: 10, all: 100, tokens: 0, valid: '' }
  const sink = await serve(({ method, path, headers, body }, respond) => {
    if (path === '/services/oauth2/token') {
      const form = new URLSearchParams(body)
      if (form.get('client_secret') !== secret || form.get('grant_type') !== 'client_credentials')
        return respond(400, { error: 'invalid_client' })
      state.tokens += 1
      state.valid = `token-${state.tokens}`
      return respond(200, { access_token: state.valid, instance_url: sink.url, token_type: 'Bearer' })
    }
    if (headers.authorization !== `Bearer ${state.valid}`) return respond(401, [{ errorCode: 'INVALID_SESSION_ID' }])
    const usage = { 'sforce-limit-info': `api-usage=${state.used}/${state.all}` }
    if (state.used >= state.all) return respond(403, [{ errorCode: 'REQUEST_LIMIT_EXCEEDED' }], usage)
    state.used += 1
    if (path.endsWith('/limits')) return respond(200, { DailyApiRequests: { Max: state.all } }, usage)
    const [, id] = /^\/services\/data\/v62\.0\/sobjects\/Lead\/Leadlight_Id__c\/([^/]+)$/.exec(path) ?? []
    if (method !== 'PATCH' || id === undefined) return respond(404, [{ errorCode: 'NOT_FOUND' }], usage)
    const fields: Record<string, unknown> = JSON.parse(body)
    const missing = ['LastName', 'Company'].filter((name) => !fields[name])
    if (missing.length > 0) return respond(400, [{ errorCode: 'REQUIRED_FIELD_MISSING', fields: missing }], usage)
    const tooLong = Object.entries(fields).some(
      ([name, value]) => String(value).length > (SALESFORCE_LENGTHS[name] ?? 255),
    )
    if (tooLong) return respond(400, [{ errorCode: 'STRING_TOO_LONG' }], usage)
    const isNew = !leads.has(id)
    leads.set(id, { ...leads.get(id), ...fields })
    return isNew ? respond(201, { success: true, created: true }, usage) : respond(204, undefined, usage)
  })
  return { ...sink, sink, leads, state }
}
const SALESFORCE_LENGTHS: Readonly<Record<string, number>> = { LastName: 80, FirstName: 40, Email: 80, Title: 128 }

interface SlackText {
  readonly type: string
  readonly text: string
}
interface SlackBlock {
  readonly type: string
  readonly text?: SlackText
  readonly fields?: readonly SlackText[]
}

/** api.slack.com: incoming webhooks, and the bounds of Block Kit. */
export const openSlack = async () => {
  const messages: { readonly text: string; readonly blocks: readonly SlackBlock[] }[] = []
  const fits = (text: SlackText | undefined, most: number, types = ['plain_text', 'mrkdwn']): boolean =>
    text !== undefined && types.includes(text.type) && text.text.length > 0 && text.text.length <= most
  const isBlock = ({ type, text, fields }: SlackBlock): boolean =>
    type === 'header'
      ? fits(text, 150, ['plain_text'])
      : type === 'section' &&
        (fields ? fields.length <= 10 && fields.every((each) => fits(each, 2000)) : fits(text, 3000))
  const sink = await serve(({ method, body }, respond) => {
    const message = JSON.parse(body)
    if (method !== 'POST' || message.blocks.length > 50 || !message.blocks.every(isBlock))
      return respond(400, 'invalid_blocks')
    messages.push(message)
    return respond(200, 'ok')
  })
  return { ...sink, sink, messages }
}
