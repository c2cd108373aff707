/** `GET /metrics`: for Prometheus, with a read key. */
import type { Metrics } from '../metrics.ts'
import { type Route, route } from './route.ts'

export interface MetricsRoutesOptions {
  readonly metrics: Pick<Metrics, 'text' | 'contentType'>
}

export const metricsRoutes = ({ metrics }: MetricsRoutesOptions): readonly Route[] => [
  route(
    {
      method: 'GET',
      path: '/metrics',
      who: 'read',
      about: 'What an operator needs to see, for Prometheus.',
      answers: { 200: { about: 'Counts and times.', type: 'text/plain; version=0.0.4; charset=utf-8' } },
    },
    async ({ c }) => c.body(await metrics.text(), 200, { 'content-type': metrics.contentType }),
  ),
]
