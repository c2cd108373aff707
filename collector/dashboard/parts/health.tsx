/** Whether the collector is well: it answers, it can write, the stream is open. */
import { useEffect, useState } from 'preact/hooks'
import { connection } from '../live.ts'
import { t } from '../strings/language.ts'
import { Card } from './card.tsx'

const LOOK_MS = 15_000

const answers = (path: string): Promise<boolean> =>
  fetch(path).then(
    ({ ok }) => ok,
    () => false,
  )

const Line = ({ label, well }: { label: string; well: boolean | undefined }) => (
  <li class={well === false ? 'warning' : ''}>
    <span aria-hidden="true">{well === undefined ? '…' : well ? '✓' : '✗'}</span> {label}:{' '}
    {well === undefined ? t.loading : well ? t.health.yes : t.health.no}
  </li>
)

export const Health = () => {
  const [well, setWell] = useState<readonly (boolean | undefined)[]>([undefined, undefined])
  useEffect(() => {
    const look = async (): Promise<void> => setWell(await Promise.all(['/healthz', '/readyz'].map(answers)))
    void look()
    const timer = setInterval(() => void look(), LOOK_MS)
    return () => clearInterval(timer)
  }, [])
  return (
    <Card title={t.health.title}>
      <ul>
        <Line label={t.health.alive} well={well[0]} />
        <Line label={t.health.writes} well={well[1]} />
        <Line
          label={t.health.stream}
          well={connection.value === 'connecting' ? undefined : connection.value === 'open'}
        />
      </ul>
    </Card>
  )
}
