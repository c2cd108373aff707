/** The HTTP thread's end of a simulation. */
import { Worker } from 'node:worker_threads'
import type { Simulation } from '../shared/simulation.ts'
import type { FromSimulator, SimulatorData } from './simulator.ts'

/** Megabytes of heap a simulation may take: it reads in slices, so more is a fault, and must not take the collector along. */
const HEAP = 512

/** Rejects when it fails, or when `signal` aborts. */
export const runSimulation = (
  data: SimulatorData,
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<Simulation> =>
  new Promise((resolve, reject) => {
    const limits = { maxOldGenerationSizeMb: HEAP }
    const worker = new Worker(new URL('./simulator.ts', import.meta.url), { workerData: data, resourceLimits: limits })
    const end = (): void => void worker.terminate()
    signal.addEventListener('abort', end, { once: true })
    worker.on('message', (message: FromSimulator) => {
      if ('result' in message) resolve(message.result)
      else if ('problem' in message) reject(new Error(message.problem))
      else onProgress(message.done, message.total)
    })
    worker.on('error', reject)
    worker.on('exit', () => {
      signal.removeEventListener('abort', end)
      reject(new Error('The simulation was stopped.'))
    })
  })
