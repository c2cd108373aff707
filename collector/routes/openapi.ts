/** The routes as an OpenAPI 3.1 document: written from the declarations by which they run. */
import { z } from 'zod'
import * as answers from '../../shared/answer.ts'
import * as handoffs from '../../shared/answer-handoff.ts'
import * as privacy from '../../shared/answer-privacy.ts'
import * as reports from '../../shared/answer-reports.ts'
import * as settings from '../../shared/answer-settings.ts'
import { type Answer, faultsOf, type Route } from './route.ts'

/** Any part of a JSON Schema. */
export interface Node {
  readonly $ref?: string
  readonly type?: string
  readonly format?: string
  readonly description?: string
  readonly properties?: Readonly<Record<string, Node>>
  readonly required?: readonly string[]
  readonly items?: Node
  readonly additionalProperties?: Node | boolean
  readonly anyOf?: readonly Node[]
  readonly oneOf?: readonly Node[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly minimum?: number
  readonly maximum?: number
  readonly default?: unknown
}

export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query'
  readonly required: boolean
  readonly schema: Node
}

type Content = Readonly<Record<string, { readonly schema: Node }>>

export interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly tags: readonly string[]
  readonly security: readonly object[]
  readonly parameters: readonly Parameter[]
  readonly requestBody?: { readonly required: boolean; readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>
}

export interface OpenApi {
  readonly openapi: '3.1.0'
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Node>>; readonly securitySchemes: object }
}

const DESCRIPTION = `Which visitors of a website are ready to buy, and why. Send a key as "Authorization: Bearer …"; a read
key may read, an admin key may do all. Whom to call today, and why: GET /api/visitors.`

const SCHEMES = {
  token: { type: 'http', scheme: 'bearer', description: 'A read or admin key, made by POST /api/keys.' },
  writeKey: { type: 'http', scheme: 'basic', description: 'A write key as the user name, or writeKey in the body.' },
}
const SECURITY = { anyone: [], site: [], write: [{ writeKey: [] }], read: [{ token: [] }], admin: [{ token: [] }] }

export const openApiOf = (routes: readonly Route[], version: string): OpenApi => {
  const shown = routes.filter(({ about }) => about !== undefined)
  const paths: Record<string, Record<string, Operation>> = {}
  for (const route of shown) {
    const path = route.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, shown) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Leadlight', version, description: DESCRIPTION },
    paths,
    components: { schemas: { ...schemasOf(shown, 'output'), ...schemasOf(shown, 'input') }, securitySchemes: SCHEMES },
  }
}

const operationOf = (route: Route, routes: readonly Route[]): Operation => {
  const { method, path, about = '', who, query } = route
  return {
    operationId: operationId(route),
    summary: about,
    tags: [tagOf(path)],
    security: SECURITY[who],
    parameters: [...pathParameters(path), ...(query ? queryParameters(query) : [])],
    ...(sentTo(route) && { requestBody: { required: method !== 'DELETE', content: jsonOf(bodyName(route, routes)) } }),
    responses: responsesOf(route, routes),
  }
}

/** The resource it is about; what sends events, and what is about the collector itself. */
const tagOf = (path: string): string => {
  if (!path.startsWith('/api/')) return /^\/(healthz|readyz|metrics)$/.test(path) ? 'collector' : 'events'
  const name = path.split('/')[2]!
  return /^(signin|docs|openapi\.json)$/.test(name) ? 'collector' : name.replace(/\.\w+$/, '')
}

/** `GET /api/visitors/:id/explain`: getVisitorsIdExplain. */
const operationId = ({ method, path }: Route): string =>
  method.toLowerCase() +
  path
    .replace(/^\/api\//, '/')
    .split(/[^a-zA-Z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')

const pathParameters = (path: string): readonly Parameter[] =>
  [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name: name!,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))

const queryParameters = (query: z.ZodType): readonly Parameter[] => {
  const { properties = {}, required = [] } = toNode(query)
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }))
}

const toNode = (schema: z.ZodType): Node => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Node

const jsonOf = (name: string, type = 'application/json'): Content => ({
  [type]: { schema: { $ref: `#/components/schemas/${name}` } },
})

const responsesOf = (route: Route, routes: readonly Route[]): Operation['responses'] => {
  const told = Object.entries(route.answers).map(([status, answer]) => [status, responseOf(answer, routes)] as const)
  const failed = [...faultsOf(route)].map(([status, faults]) => {
    const description = [...new Set(faults.map(({ code, message }) => `${code}: ${message}`))].join(' Or: ')
    return [String(status), { description, content: jsonOf('Failure') }] as const
  })
  return {
    ...Object.fromEntries([...told, ...failed]),
    default: { description: 'Whatever else can go wrong, in the same form.', content: jsonOf('Failure') },
  }
}

const responseOf = (
  { about, schema, type, texts = [] }: Answer,
  routes: readonly Route[],
): Operation['responses'][string] => {
  const asText = [...(type && !schema ? [type] : []), ...texts].map((each) => [each, { schema: TEXT }] as const)
  const content = { ...(schema && jsonOf(answerName(schema, routes), type)), ...Object.fromEntries(asText) }
  return { description: about, ...(Object.keys(content).length > 0 && { content }) }
}
const TEXT = { type: 'string' }

/** Schemas that have a name of their own. */
const NAMES: ReadonlyMap<unknown, string> = new Map(
  [answers, reports, settings, handoffs, privacy]
    .flatMap((module) => Object.entries(module))
    .filter(([, value]) => value instanceof z.ZodType)
    .map(([name, schema]) => [schema, name]),
)

const sentTo = ({ body, takes }: Route): z.ZodType | undefined => body ?? takes

/** Routes that take the same share a name: the first one's. */
const bodyName = (route: Route, routes: readonly Route[]): string =>
  `${operationId(routes.find((each) => sentTo(each) === sentTo(route)) ?? route)}Body`

/** So do those that answer the same, where it has no name of its own. */
const answerName = (schema: z.ZodType, routes: readonly Route[]): string =>
  NAMES.get(schema) ?? `${operationId(routes.find((each) => schemasAnsweredBy(each).includes(schema))!)}Answer`

const schemasAnsweredBy = ({ answers: told }: Route): readonly z.ZodType[] =>
  Object.values(told).flatMap(({ schema }) => schema ?? [])

/** What is answered, by name; or what is taken. */
const schemasOf = (routes: readonly Route[], io: 'input' | 'output'): Readonly<Record<string, Node>> => {
  const registry = z.registry<{ id: string }>()
  const add = (schema: z.ZodType, id: string): unknown => registry.has(schema) || registry.add(schema, { id })
  if (io === 'output') {
    add(answers.Failure, 'Failure')
    add(answers.Visitor, 'Visitor')
  }
  for (const route of routes) {
    const sent = sentTo(route)
    if (io === 'input' && sent) add(sent, bodyName(route, routes))
    if (io === 'output') for (const schema of schemasAnsweredBy(route)) add(schema, answerName(schema, routes))
  }
  const uri = (id: string): string => `#/components/schemas/${id}`
  const { schemas } = z.toJSONSchema(registry, { uri, io, unrepresentable: 'any' })
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $id: _, $schema: __, ...schema }]) => [id, schema as Node]),
  )
}
