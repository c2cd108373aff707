/** The thread in which a simulation runs: a reader of its own, so that neither writing nor answering waits for it. */
import { parentPort, workerData } from 'node:worker_threads'
import type { Simulation } from '../shared/simulation.ts'
import { createEdition } from './edition.ts'
import { type Address, openReading } from './open-store.ts'
import { simulate } from './simulate.ts'

export interface SimulatorData extends Address {
  readonly version: number
  readonly now: number
  readonly head: number
}

export type FromSimulator =
  | { readonly done: number; readonly total: number }
  | { readonly result: Simulation }
  | { readonly problem: string }

/** Between two reports of progress, ms. */
const REPORT_EVERY = 100

const run = async (data: SimulatorData, say: (message: FromSimulator) => void) => {
  const { version, now, head } = data
  const { models, settings, history, close } = await openReading(data, () => now)
  const sites = await settings.sites()
  const draft = await models.model(version)
  if (!draft) throw new Error(`There is no version ${version} of the model.`)
  const [old, next] = [createEdition(await models.published()), createEdition(draft)]
  old.learn(sites)
  next.learn(sites)
  let reportedAt = 0
  const onProgress = (done: number, total: number): void => {
    if (Date.now() - reportedAt < REPORT_EVERY) return
    reportedAt = Date.now()
    say({ done, total })
  }
  const result = await simulate({ history, old, next, now, head, onProgress })
  await close()
  say({ result })
}

if (parentPort) {
  const port = parentPort
  await run(workerData as SimulatorData, (message) => port.postMessage(message)).catch((error: unknown) => {
    port.postMessage({ problem: error instanceof Error ? error.message : String(error) } satisfies FromSimulator)
  })
}
