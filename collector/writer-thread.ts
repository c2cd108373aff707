/**
 * The HTTP thread's end of the writer: hands bodies over, a tick's worth at a time, says no when it is too much, and lets
 * answers out when what they acknowledge is on disk.
 */
import { Worker } from 'node:worker_threads'
import { createGate } from './gate.ts'
import { openLog } from './open-store.ts'
import { type Answer, type RawBody, UNAVAILABLE } from './raw-body.ts'
import { StoreError } from './store/failure.ts'
import { Unavailable } from './unavailable.ts'
import type { Commands, FromWriter, ToWriter, WriterData } from './writer.ts'

/** Characters waiting for the writer beyond which new bodies are refused at once. */
const MOST_WAITING = 64 * 1024 * 1024

/**
 * MB for what the writer has just made: more bring no speed that can be measured, yet on a large machine four times as
 * many would be taken.
 */
const YOUNG = 48

/** How long it may take a writer that has closed its store to end, in ms. */
const GRACE = 2000

/** Each exactly once, or this does not type-check. */
const EVERY: Readonly<Record<keyof Commands, true>> = {
  ...{
    insertSite: true,
    updateSite: true,
    insertKey: true,
    deleteKey: true,
    labelKey: true,
    touchKey: true,
    insertDraft: true,
    publish: true,
  },
  ...{ removeSite: true, probe: true, tell: true, merge: true, unmerge: true, erase: true, note: true },
  ...{ putWebhook: true, deleteWebhook: true, claim: true, settle: true, redeliver: true },
}
const COMMANDS = Object.keys(EVERY) as readonly (keyof Commands)[]

/** What acknowledges that something was written. */
type Word = Extract<FromWriter, { readonly answers: unknown } | { readonly result: unknown }>

const NOT_ON_DISK = 'What was written could not be put on disk.'

export interface Writer extends Commands {
  /** Takes one body; answers when what it holds is on disk. */
  readonly take: (body: RawBody) => Promise<Answer>
  /** Calls back when something was written. Returns how to stop that. */
  readonly onPulse: (callback: () => void) => () => void
  /** Calls back when another collector has changed what is configured. */
  readonly onChange: (callback: () => void) => void
  /** Calls back while a version is being published. Returns how to stop that. */
  readonly onProgress: (callback: (done: number, total: number) => void) => () => void
  /** Whether the writer lives. */
  readonly isUp: () => boolean
  /** Whether it can write just now. */
  readonly isReady: () => Promise<boolean>
  /** Writes what was taken, closes the file. */
  readonly close: () => Promise<void>
}

/** Starts the thread. Rejects with `StoreError` when the store cannot be had. */
export const startWriter = async (data: WriterData): Promise<Writer> => {
  const limits = { maxYoungGenerationSizeMb: YOUNG }
  const worker = new Worker(new URL('./writer.ts', import.meta.url), { workerData: data, resourceLimits: limits })
  const waiting = new Map<number, { readonly settle: (value: never) => void; readonly fail: (error: Error) => void }>()
  const pulses = new Set<() => void>()
  const changes = new Set<() => void>()
  const watchers = new Set<(done: number, total: number) => void>()
  let outbox: { readonly n: number; readonly body: RawBody }[] = []
  let count = 0
  let size = 0
  let isUp = true

  const post = (message: ToWriter): void => worker.postMessage(message)

  const settle = (n: number, value: unknown): void => {
    waiting.get(n)?.settle(value as never)
    waiting.delete(n)
  }

  const fail = (n: number, error: Error): void => {
    waiting.get(n)?.fail(error)
    waiting.delete(n)
  }

  const down = (reason: string): void => {
    isUp = false
    for (const { fail } of waiting.values()) fail(new Unavailable(reason))
    waiting.clear()
  }

  let mended = Promise.withResolvers<void>()
  const mend = (problem: string): Promise<void> => {
    mended = Promise.withResolvers()
    post({ mend: problem })
    return mended.promise
  }

  const closed = Promise.withResolvers<void>()
  const exited = Promise.withResolvers<void>()
  const ready = Promise.withResolvers<void>()
  /** Open once the writer is ready; where what is written is on disk by itself, it stays undefined. */
  let log: ReturnType<typeof openLog>
  let hold: ((word: Word) => void) | undefined

  const hear = (message: FromWriter): void => {
    if ('answers' in message) for (const answer of message.answers) settle(answer.n, answer)
    if ('changed' in message) for (const callback of changes) callback()
    if ('pulse' in message || 'changed' in message) for (const callback of pulses) callback()
    else if ('result' in message) settle(message.n, message.result)
    else if ('problem' in message) {
      const Kind = message.isOutage ? Unavailable : Error
      fail(message.n, new Kind(message.problem))
    } else if ('mended' in message) {
      if (message.mended) mended.resolve()
      else mended.reject(new Error(NOT_ON_DISK))
    } else if ('total' in message) for (const callback of watchers) callback(message.done, message.total)
    else if ('ready' in message) ready.resolve()
    else if ('failed' in message) ready.reject(new StoreError(message.failed))
    else closed.resolve()
  }
  const pass = (word: Word): void => {
    if ('answers' in word) post({ isOut: true })
    hear(word)
  }
  const refuse = (word: Word): void => {
    if ('answers' in word) {
      post({ isOut: true })
      for (const { n } of word.answers) settle(n, UNAVAILABLE)
    } else fail(word.n, new Unavailable(NOT_ON_DISK))
  }
  worker.on('message', (message: FromWriter) => {
    if (hold && ('answers' in message || 'result' in message)) hold(message)
    else hear(message)
  })
  worker.on('error', (error) => {
    ready.reject(error)
    down(String(error))
  })
  worker.on('exit', () => {
    exited.resolve()
    closed.resolve()
    ready.reject(new Error('The writer has stopped.'))
    down('The writer has stopped.')
  })

  const ask = <Result>(send: (n: number) => void): Promise<Result> =>
    new Promise<Result>((settle, fail) => {
      if (!isUp) return fail(new Unavailable('The writer has stopped.'))
      count += 1
      waiting.set(count, { settle, fail })
      send(count)
    })

  const flush = (): void => {
    post({ bodies: outbox })
    outbox = []
  }

  const take = async (body: RawBody): Promise<Answer> => {
    if (!isUp || size > MOST_WAITING) return BUSY
    size += body.text.length
    try {
      return await ask<Answer>((n) => {
        if (outbox.length === 0) setImmediate(flush)
        outbox.push({ n, body })
      })
    } catch {
      return BUSY
    } finally {
      size -= body.text.length
    }
  }

  const command =
    (name: keyof Commands) =>
    (...args: readonly unknown[]) =>
      ask<never>((n) => post({ n, command: name, args }))

  const close = async (): Promise<void> => {
    post({ halt: true })
    while (waiting.size > 0 && isUp) await new Promise((resolve) => setTimeout(resolve, 5))
    post({ close: true })
    await closed.promise
    await Promise.race([exited.promise, new Promise((resolve) => setTimeout(resolve, GRACE).unref())])
    await worker.terminate()
    // Once, however often it is asked: its number may be another file's by then.
    log?.close()
    log = undefined
  }

  await ready.promise.catch(async (error) => {
    await worker.terminate()
    throw error
  })
  log = openLog(data)
  if (log) hold = createGate({ sync: log.sync, mend, pass, refuse })
  return {
    ...(Object.fromEntries(COMMANDS.map((name) => [name, command(name)])) as unknown as Commands),
    take,
    onProgress: (callback) => {
      watchers.add(callback)
      return () => watchers.delete(callback)
    },
    isUp: () => isUp,
    isReady: () =>
      command('probe')().then(
        () => true,
        () => false,
      ),
    onChange: (callback) => void changes.add(callback),
    onPulse: (callback) => {
      pulses.add(callback)
      return () => pulses.delete(callback)
    },
    close,
  }
}

const BUSY: Answer = {
  status: 503,
  body: '{"error":{"code":"overloaded","message":"The collector has more to do than it can. Send it again."}}',
}
