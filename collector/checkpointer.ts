/** The thread that moves what was written from the write-ahead log into the file, so that no commit waits for that. */
import { parentPort, workerData } from 'node:worker_threads'
import { type Checkpoints, openCheckpoints } from './store/sqlite-checkpoints.ts'

export interface CheckpointerData {
  readonly path: string
}

/** How often it looks, in ms. */
const EVERY = 200

const start = ({ path }: CheckpointerData, done: () => void): (() => void) => {
  const checkpoints: Checkpoints = openCheckpoints(path)
  const timer = setInterval(checkpoints.run, EVERY)
  return () => {
    clearInterval(timer)
    checkpoints.close()
    done()
  }
}

if (parentPort) {
  const port = parentPort
  port.once(
    'message',
    start(workerData as CheckpointerData, () => port.close()),
  )
}
