/** The writer's end of the checkpointer: starts it, stops it, and hears when it has died. */
import { Worker } from 'node:worker_threads'
import type { CheckpointerData } from './checkpointer.ts'

export interface Checkpointer {
  /** Resolves when it has let go of the file. */
  readonly stop: () => Promise<void>
}

/** `onDeath` is called when it ends without having been told to: then somebody else must do its work. */
export const startCheckpointer = (data: CheckpointerData, onDeath: (error: unknown) => void): Checkpointer => {
  const worker = new Worker(new URL('./checkpointer.ts', import.meta.url), { workerData: data })
  const ended = Promise.withResolvers<void>()
  worker.on('error', onDeath)
  worker.on('exit', () => ended.resolve())
  return {
    stop: async () => {
      worker.postMessage('stop')
      await ended.promise
    },
  }
}
