/** Two versions of the model: what each recorded while it scored, and what one would have made of all of history. */
import type { FunnelReport } from '../../../shared/answer-reports.ts'
import { count } from '../figures.ts'
import type { Versions } from '../state/models.ts'
import { useSimulation } from '../state/simulation.ts'
import { t } from '../strings/language.ts'
import { Choice } from './choice.tsx'
import { Failure } from './failure.tsx'
import { Simulation } from './simulation.tsx'
import { VersionsTable } from './versions-table.tsx'

/** A version that recorded nothing in these days has nothing but noughts. */
const recordOf = ({ models }: FunnelReport, version: number): FunnelReport['models'][number] =>
  models.find(({ modelVersion }) => modelVersion === version) ?? {
    modelVersion: version,
    stages: [],
    qualifications: [],
  }

/** The whole history under a version that is not the active one, against the one that is. */
const Replayed = ({ version, active }: { version: number; active: number }) => {
  const { progress, answer, start } = useSimulation(version)
  return (
    <>
      <section class="card">
        <h2>{t.versus.replay(version)}</h2>
        <p class="soft">{t.versus.replayLead(version, active)}</p>
        <p class="deeds">
          <button type="button" onClick={start} disabled={progress !== undefined}>
            {t.simulation.start}
          </button>
        </p>
        {progress !== undefined && (
          <label class="field">
            <span>{t.simulation.running(count(Math.round(progress * 100)))}</span>
            <progress value={progress} max={1} />
          </label>
        )}
      </section>
      {answer &&
        (answer.ok ? <Simulation result={answer.value} /> : <Failure message={answer.message} retry={start} />)}
    </>
  )
}

interface TwoVersionsProps {
  readonly report: FunnelReport
  readonly versions: Versions
  readonly own: number
  readonly other: number
  readonly choose: (own: number) => void
}

export const TwoVersions = ({ report, versions, own, other, choose }: TwoVersionsProps) => {
  const { active, items } = versions
  const replayed = [other, own].find((version) => version !== active)
  const names = items
    .filter(({ version, state }) => version !== other && state !== 'draft')
    .map(({ version }) => [String(version), t.report.version(version)] as const)
  return (
    <>
      <VersionsTable
        period={report.period}
        models={[recordOf(report, own), recordOf(report, other)]}
        title={t.versus.title(own, other)}
        lead={
          <>
            {t.versus.lead}
            {names.length > 1 && (
              <span class="versus-own">
                <Choice
                  label={t.versus.own}
                  value={String(own)}
                  options={names}
                  choose={(version) => choose(Number(version))}
                />
              </span>
            )}
          </>
        }
        apart
      />
      {replayed !== undefined && <Replayed key={replayed} version={replayed} active={active} />}
    </>
  )
}
