/** Who read, changed or took away what: the audit log, the newest first, page by page. */
import { Fragment } from 'preact'
import type { AuditPage } from '../../../shared/answer-privacy.ts'
import { count } from '../figures.ts'
import { useAfterDeeds } from '../state/deeds.ts'
import { usePages } from '../state/pages.ts'
import { t } from '../strings/language.ts'
import { exactly, stamp } from '../time.ts'
import { FiguresTable } from './figures-table.tsx'
import { Loaded } from './loaded.tsx'
import { More } from './more.tsx'

type Entry = AuditPage['items'][number]

/** Enough to tell one person from the next. */
const SHOWN = 8
/** Of a list, those whose codes are shown; the rest are counted. */
const NAMED = 3
const PAGE = 10

const Row = ({ entry: { at, actor, action, site, subjects, detail } }: { entry: Entry }) => (
  <tr>
    <th scope="row">
      <time dateTime={at} title={exactly(at)}>
        {stamp(at)}
      </time>
    </th>
    <td class="words">
      <bdi>{actor}</bdi>
    </td>
    <td class="words">
      <bdi>{action}</bdi>
    </td>
    <td class="words">
      <bdi>{[detail, site].filter(Boolean).join(' · ') || t.none}</bdi>
      {subjects.slice(0, NAMED).map((subject) => (
        <Fragment key={subject}>
          {' '}
          <code title={subject}>{subject.slice(0, SHOWN)}</code>
        </Fragment>
      ))}
      {subjects.length > NAMED && ` +${count(subjects.length - NAMED)}`}
    </td>
  </tr>
)

interface AuditProps {
  /** Only what was noted of this person. */
  readonly of?: { readonly id: string; readonly site: string } | undefined
}

export const AuditCard = ({ of }: AuditProps) => {
  const about = of ? new URLSearchParams({ visitor: of.id, site: of.site }).toString() : ''
  const { asked, again, more, busy } = usePages<Entry>(`/api/audit?limit=${PAGE}&${about}`)
  useAfterDeeds(again)
  return (
    <div class="with-button">
      <Loaded asked={asked} again={again} rows={4}>
        {(items) => (
          <FiguresTable
            title={of ? t.privacy.auditOf : t.privacy.audit}
            lead={items.length === 0 ? t.privacy.noEntries : t.privacy.auditLead}
            columns={[t.explain.columns.when, t.list.columns.who, t.privacy.action, t.privacy.about]}
          >
            {items.map((entry, i) => (
              <Row key={String(i)} entry={entry} />
            ))}
          </FiguresTable>
        )}
      </Loaded>
      <More more={more} busy={busy} />
    </div>
  )
}
