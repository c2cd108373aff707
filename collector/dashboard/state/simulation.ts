/** The replay of all of history under a version of the model: started, followed, answered. */
import { useState } from 'preact/hooks'
import type { Simulation } from '../../../shared/simulation.ts'
import type { Answer } from '../api.ts'
import { follow, versionPath } from './models.ts'

export const useSimulation = (version: number) => {
  const [progress, setProgress] = useState<number>()
  const [answer, setAnswer] = useState<Answer<Simulation>>()
  const start = async (): Promise<void> => {
    setAnswer(undefined)
    setProgress(0)
    const got = await follow<Simulation>(`${versionPath(version)}/simulate`, undefined, setProgress)
    setProgress(undefined)
    setAnswer(got)
  }
  return { progress, answer, start: () => void start() }
}
