/** Made-up visitors to look at before there are real ones: a site of their own, taken away whole. */
import { batch, signal } from '@preact/signals'
import { type Answer, send } from '../api.ts'
import { reloadList } from './list.ts'
import { loadSites, sites } from './sites.ts'

/** The site they live on. */
export const SAMPLE = 'sample'

/** Since they act over months, they take a moment. */
export const isMaking = signal(false)
export const problem = signal('')

export const hasSample = (): boolean => sites.value.some(({ name }) => name === SAMPLE)

const settle = async (asked: Promise<Answer<unknown>>): Promise<Answer<unknown>> => {
  isMaking.value = true
  const answer = await asked
  await loadSites()
  await reloadList()
  batch(() => {
    isMaking.value = false
    problem.value = answer.ok ? '' : answer.message
  })
  return answer
}

export const makeSample = () => settle(send('POST', '/api/sample', {}))
export const removeSample = () => settle(send('DELETE', '/api/sample'))
