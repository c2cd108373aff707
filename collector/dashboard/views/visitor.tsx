/** One visitor: how warm, how far, why, and everything they did. */
import { useEffect, useLayoutEffect } from 'preact/hooks'
import type { Visitor } from '../../../shared/answer.ts'
import { Course } from '../parts/course.tsx'
import { Deeds } from '../parts/deeds.tsx'
import { Explanation } from '../parts/explanation.tsx'
import { Facts } from '../parts/facts.tsx'
import { Failure } from '../parts/failure.tsx'
import { Headline } from '../parts/headline.tsx'
import { Past } from '../parts/past.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { Timeline } from '../parts/timeline.tsx'
import { identityOf } from '../person.ts'
import { place, replacePlace, visitorHref } from '../router.ts'
import { listHref } from '../state/filters.ts'
import { filters } from '../state/list.ts'
import { person } from '../state/people.ts'
import {
  closeVisitor,
  explanation,
  history,
  lookBack,
  openVisitor,
  packet,
  past,
  problem,
  shown,
} from '../state/visitor.ts'
import { t } from '../strings/language.ts'
import { MissingView } from './missing.tsx'

const Back = () => (
  <a class="back" href={listHref(filters.value)}>
    <span aria-hidden="true">←</span> {t.nav.back}
  </a>
)

/** Not a step back: who is erased has no page to come forward to. */
const toList = (): void => replacePlace(listHref(filters.value))

const instantIn = (text: string | null): string | undefined =>
  text && Number.isFinite(Date.parse(text)) ? new Date(text).toISOString() : undefined

const addressAt = (id: string, at?: string): string =>
  at ? `${visitorHref(id)}?at=${encodeURIComponent(at)}` : visitorHref(id)

/** As they are, or as they were at the instant in the address. */
const Page = ({ visitor: current, at }: { visitor: Visitor; at: string | undefined }) => {
  const { name } = identityOf(current)
  useEffect(() => {
    document.title = `${name} · ${t.brand}`
  }, [name])
  useEffect(() => void lookBack(current.id, at), [current.id, at])
  const then = at && past.value?.at === at ? past.value : undefined
  const visitor = then?.visitor ?? current
  return (
    <>
      {then && <Past at={then.at} back={visitorHref(current.id)} />}
      <Headline visitor={visitor}>{!then && <Deeds visitor={current} />}</Headline>
      <Course history={history.value} at={at} choose={(wanted) => replacePlace(addressAt(current.id, wanted))} />
      <div class="columns life">
        <Explanation explanation={then?.explanation ?? explanation.value} />
        <Facts visitor={visitor} packet={packet.value} erased={toList} />
        <Timeline />
      </div>
    </>
  )
}

export const VisitorView = ({ id }: { id: string }) => {
  // Before it is painted, lest the visitor who was open last be seen for a moment.
  useLayoutEffect(() => {
    void openVisitor(id)
    return closeVisitor
  }, [id])
  if (problem.value?.missing) return <MissingView message={problem.value.message} />
  const visitor = shown.value ? person(shown.value)?.value : undefined
  const at = instantIn(place.value.query.get('at'))
  return (
    <div class="one">
      <Back />
      {problem.value && <Failure message={problem.value.message} retry={() => void openVisitor(id)} />}
      {!problem.value && (visitor ? <Page visitor={visitor} at={at} /> : <Skeleton rows={6} />)}
    </div>
  )
}
