/** Asks the collector. What can be expected to fail is a value; a lost session turns the whole page. */
import { signal } from '@preact/signals'
import type { Explanation, Timeline, Visitor, VisitorPage } from '../../shared/answer.ts'
import { t } from './strings/language.ts'

/** True once the collector has said that it does not know us any more. */
export const signedOut = signal(false)

export interface Site {
  readonly name: string
  readonly key: string
}

export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly missing: boolean; readonly message: string }

const failed = (message: string, missing = false) => ({ ok: false, missing, message }) as const

const get = async <T>(path: string, abort?: AbortSignal): Promise<Answer<T>> => {
  try {
    const response = await fetch(path, { credentials: 'same-origin', signal: abort ?? null })
    if (response.ok) return { ok: true, value: (await response.json()) as T }
    if (response.status === 401) signedOut.value = true
    if (response.status === 404) return failed(t.failure.missing, true)
    const body = (await response.json().catch(() => undefined)) as { error?: { message?: string } } | undefined
    return failed(body?.error?.message ?? `${response.status} ${response.statusText}`)
  } catch {
    return failed(t.failure.unreachable)
  }
}

const one = (id: string): string => `/api/visitors/${encodeURIComponent(id)}`

export const getVisitors = (query: URLSearchParams, abort?: AbortSignal) =>
  get<VisitorPage>(`/api/visitors?${query}`, abort)
export const getVisitor = (id: string) => get<Visitor>(one(id))
export const getExplanation = (id: string) => get<Explanation>(`${one(id)}/explain`)
export const getTimeline = (id: string, cursor?: string) =>
  get<Timeline>(`${one(id)}/timeline${cursor ? `?cursor=${encodeURIComponent(cursor)}` : ''}`)
export const getSites = () => get<{ readonly items: readonly Site[] }>('/api/sites')
