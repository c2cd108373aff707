/** The scoring model: what it says in plain words, how it is changed, tried out, published and taken back. */
import { useEffect } from 'preact/hooks'
import { DraftBar } from '../parts/draft-bar.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { ModelWords } from '../parts/model-words.tsx'
import { useTitle } from '../parts/report-head.tsx'
import { Testers } from '../parts/testers.tsx'
import { VersionsList } from '../parts/versions-list.tsx'
import { href } from '../router.ts'
import { useAnswer } from '../state/answer.ts'
import { endEdit } from '../state/model-edit.ts'
import type { Versions, WholeVersion } from '../state/models.ts'
import { t } from '../strings/language.ts'
import { MissingView } from './missing.tsx'

export const ModelView = ({ id }: { id: string }) => {
  useTitle(t.nav.model)
  useEffect(() => endEdit, [])
  const [versions, versionsAgain] = useAnswer<Versions>('/api/models')
  const [asked, again] = useAnswer<WholeVersion>(`/api/models/${id ? encodeURIComponent(id) : 'active'}`)
  if (asked.phase === 'failed' && asked.missing) return <MissingView message={t.model.missing} />
  const renew = (): void => {
    versionsAgain()
    again()
    if (id) location.hash = href('/model')
  }
  return (
    <div class="report">
      <Loaded asked={asked} again={again}>
        {(version) => (
          <>
            <div class="head">
              <div>
                <h1>
                  {t.nav.model}{' '}
                  <small>
                    <bdi>{version.name}</bdi> · {t.report.version(version.version)} · {t.model.states[version.state]}
                  </small>
                </h1>
                <p>{t.model.lead}</p>
              </div>
            </div>
            <DraftBar version={version} done={renew} />
            <div class="columns">
              <ModelWords model={version.model} />
              <div class="facts">
                <Testers model={version.model} />
                {versions.phase === 'ready' && (
                  <VersionsList versions={versions.value} shown={version.version} again={renew} />
                )}
              </div>
            </div>
          </>
        )}
      </Loaded>
    </div>
  )
}
