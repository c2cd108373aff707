/** `/healthz` and `/readyz`: alive, and able to commit. */
import { Health } from '../../shared/answer-settings.ts'
import { fail, UNAVAILABLE } from './failure.ts'
import { type Route, route } from './route.ts'

export interface HealthOptions {
  /** Whether the writer could commit just now. */
  readonly isReady: () => Promise<boolean>
}

export const healthRoutes = ({ isReady }: HealthOptions): readonly Route[] => [
  route(
    {
      method: 'GET',
      path: '/healthz',
      who: 'anyone',
      about: 'Whether the collector is alive.',
      answers: { 200: { about: 'It is.', schema: Health } },
    },
    ({ c }) => c.json({ status: 'ok' }),
  ),
  route(
    {
      method: 'GET',
      path: '/readyz',
      who: 'anyone',
      about: 'Whether it can put events on disk.',
      answers: { 200: { about: 'It can.', schema: Health } },
      faults: [UNAVAILABLE],
    },
    async ({ c }) => ((await isReady()) ? c.json({ status: 'ready' }) : fail(c, UNAVAILABLE)),
  ),
]
