/** The live stream: server-sent events, handed on once per animation frame, reconnected for as long as it takes. */
import { batch, signal } from '@preact/signals'
import type { LiveMessage } from '../../shared/answer.ts'
import { getSites, signedOut } from './api.ts'

export type Connection = 'connecting' | 'open' | 'lost'
export const connection = signal<Connection>('connecting')

const NAMES = ['event', 'score', 'transition'] as const satisfies readonly LiveMessage['name'][]
/** A hidden tab draws no frames: there, this often instead. */
const HIDDEN_MS = 1000
/** What a hidden tab keeps at most; scores do not count, for the latest of each visitor is enough. */
const KEPT = 500
const RETRY_MS = { first: 1000, most: 30_000 }

type Receive = (messages: readonly LiveMessage[]) => void

/** Gathers messages until the next frame. Of several scores of one visitor, the last is handed on. */
export const createGatherer = (receive: Receive, wait: (flush: () => void) => void) => {
  let others: LiveMessage[] = []
  const scores = new Map<string, LiveMessage>()
  let waiting = false
  const flush = (): void => {
    waiting = false
    const messages = [...scores.values(), ...others]
    scores.clear()
    others = []
    batch(() => receive(messages))
  }
  return (message: LiveMessage): void => {
    if (message.name === 'score') scores.set(message.visitor.id, message)
    else others = [...others.slice(1 - KEPT), message]
    if (waiting) return
    waiting = true
    wait(flush)
  }
}

const nextFrame = (flush: () => void): void => {
  if (document.hidden) setTimeout(flush, HIDDEN_MS)
  else requestAnimationFrame(flush)
}

const returns: (() => void)[] = []
/** Calls back after every gap, since what happened meanwhile was missed. */
export const onReturn = (callback: () => void): void => void returns.push(callback)

/** Listens for good. */
export const listen = (receive: Receive): void => {
  const gather = createGatherer(receive, nextFrame)
  let delay = RETRY_MS.first
  let source: EventSource

  const open = (): void => {
    source = new EventSource('/api/live')
    source.onopen = () => {
      if (connection.value === 'lost') for (const callback of returns) callback()
      connection.value = 'open'
      delay = RETRY_MS.first
    }
    source.onerror = () => {
      connection.value = 'lost'
      if (source.readyState === EventSource.CLOSED) void retry()
    }
    for (const name of NAMES) {
      source.addEventListener(name, ({ data }) => gather({ ...JSON.parse(data), name } as LiveMessage))
    }
  }

  // The browser retries by itself, except after an answer that is no stream: that may be a session that ended.
  const retry = async (): Promise<void> => {
    await getSites()
    if (signedOut.value) return
    setTimeout(open, delay * (0.75 + Math.random() / 2))
    delay = Math.min(delay * 2, RETRY_MS.most)
  }
  open()
}
