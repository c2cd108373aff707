/** Asks the collector. What can be expected to fail is a value; a lost session turns the whole page. */
import { signal } from '@preact/signals'
import type { Explanation, History, Timeline, Trends, Visitor, VisitorPage } from '../../shared/answer.ts'
import { noteDeed } from './state/deeds.ts'
import { t } from './strings/language.ts'

/** True once the collector has said that it does not know us any more. */
export const signedOut = signal(false)

export interface Site {
  readonly name: string
  readonly key: string
}

/** What was wrong, field by field, where the collector says so. */
export interface Detail {
  readonly path: string
  readonly message: string
}

export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly missing: boolean; readonly message: string; readonly details: readonly Detail[] }

interface FailureBody {
  readonly error?: { readonly code?: string; readonly message?: string; readonly details?: unknown }
}

export const failed = (message: string, missing = false, details: readonly Detail[] = []) =>
  ({ ok: false, missing, message, details }) as const

const detailsIn = (body: FailureBody | undefined): readonly Detail[] => {
  const details = body?.error?.details
  return Array.isArray(details) ? details.filter((each) => typeof each?.message === 'string') : []
}

const messageIn = ({ status, statusText }: Response, body: FailureBody | undefined): string =>
  body?.error?.code === 'forbidden' ? t.failure.adminOnly : (body?.error?.message ?? `${status} ${statusText}`)

const request = async <T>(path: string, init: RequestInit): Promise<Answer<T>> => {
  try {
    const response = await fetch(path, { credentials: 'same-origin', ...init })
    if (response.status === 204) return { ok: true, value: undefined as T }
    if (response.ok) return { ok: true, value: (await response.json()) as T }
    if (response.status === 401) signedOut.value = true
    const body = (await response.json().catch(() => undefined)) as FailureBody | undefined
    return failed(messageIn(response, body), response.status === 404, detailsIn(body))
  } catch {
    return failed(t.failure.unreachable)
  }
}

export const get = <T>(path: string, abort?: AbortSignal): Promise<Answer<T>> =>
  request(path, { signal: abort ?? null })

/** Asks for a change. */
export const send = async <T>(
  method: 'POST' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<Answer<T>> => {
  const answer = await request<T>(path, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  if (answer.ok) noteDeed()
  return answer
}

/** The address of a visitor in the API. */
export const visitorPath = (id: string): string => `/api/visitors/${encodeURIComponent(id)}`

const asOf = (at?: string): string => (at ? `?at=${encodeURIComponent(at)}` : '')

export const getVisitors = (query: URLSearchParams, abort?: AbortSignal) =>
  get<VisitorPage>(`/api/visitors?${query}`, abort)
export const getVisitor = async (id: string, at?: string): Promise<Answer<Visitor>> => {
  const answer = await get<Visitor>(`${visitorPath(id)}${asOf(at)}`)
  return answer.ok || !answer.missing ? answer : { ...answer, message: t.failure.missing }
}
export const getExplanation = (id: string, at?: string) => get<Explanation>(`${visitorPath(id)}/explain${asOf(at)}`)
export const getHistory = (id: string) => get<History>(`${visitorPath(id)}/history`)
export const getTrends = (ids: readonly string[], from: string) =>
  get<Trends>(`/api/trends?${new URLSearchParams({ ids: ids.join(','), from })}`)
export const getTimeline = (id: string, cursor?: string) =>
  get<Timeline>(`${visitorPath(id)}/timeline${cursor ? `?cursor=${encodeURIComponent(cursor)}` : ''}`)
export const getSites = () => get<{ readonly items: readonly Site[] }>('/api/sites')
