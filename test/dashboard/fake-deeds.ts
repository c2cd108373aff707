/** What becomes of a change that the page asks for, in the stand-in for the collector. */
import type { FakePerson } from './fake-people.ts'

export interface Asked {
  readonly method: string
  readonly path: string
  readonly body: unknown
  readonly query?: string
}

export interface Done {
  readonly status: number
  readonly body?: unknown
}

const refuse = (status: number, message: string, details: readonly object[] = []): Done => ({
  status,
  body: { error: { code: 'bad_request', message, details } },
})

/** Undefined where there is no such route. */
export const doDeed = ({ method, path, body }: Asked, people: FakePerson[]): Done | undefined => {
  const [, id, deed] = /^\/api\/visitors\/([^/]+)(?:\/(\w+))?$/.exec(path) ?? []
  const fields = (body ?? {}) as Readonly<Record<string, unknown>>
  if (id === 'merge') {
    const at = people.findIndex(({ visitor }) => visitor.id === fields.from)
    if (at < 0) return refuse(409, 'Those two are one already, or of different sites.')
    people.splice(at, 1)
    return { status: 200, body: {} }
  }
  const person = people.find(({ visitor }) => visitor.id === decodeURIComponent(id ?? ''))
  if (!person) return undefined
  if (method === 'DELETE') {
    people.splice(people.indexOf(person), 1)
    return { status: 200, body: { people: 1, events: person.rows.length } }
  }
  if (deed === 'adjust' && fields.points === 13)
    return refuse(400, 'Some parameters are not of the kind they should be.', [
      { path: 'points', message: 'too unlucky' },
    ])
  if (deed === 'feedback' || deed === 'adjust') {
    const at = new Date().toISOString()
    const detail = String(fields.verdict ?? fields.reason)
    person.timeline.unshift({ kind: 'event', at, id: `${deed}-${at}`, type: deed, detail, points: [] })
  }
  return { status: 200, body: person.visitor }
}
