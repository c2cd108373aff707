/** One visitor: how warm, how far, why, and everything they did. */
import { useEffect, useLayoutEffect } from 'preact/hooks'
import type { Visitor } from '../../../shared/answer.ts'
import { Explanation } from '../parts/explanation.tsx'
import { Facts } from '../parts/facts.tsx'
import { Failure } from '../parts/failure.tsx'
import { Headline } from '../parts/headline.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { Timeline } from '../parts/timeline.tsx'
import { identityOf } from '../person.ts'
import { listHref } from '../state/filters.ts'
import { filters } from '../state/list.ts'
import { person } from '../state/people.ts'
import { closeVisitor, explanation, openVisitor, problem, shown } from '../state/visitor.ts'
import { t } from '../strings/language.ts'
import { MissingView } from './missing.tsx'

const Back = () => (
  <a class="back" href={listHref(filters.value)}>
    <span aria-hidden="true">←</span> {t.nav.back}
  </a>
)

const Page = ({ visitor }: { visitor: Visitor }) => {
  const { name } = identityOf(visitor)
  useEffect(() => {
    document.title = `${name} · ${t.brand}`
  }, [name])
  return (
    <>
      <Headline visitor={visitor} />
      <div class="columns">
        <div class="story">
          <Explanation explanation={explanation.value} />
          <Timeline />
        </div>
        <Facts visitor={visitor} />
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
  return (
    <div class="one">
      <Back />
      {problem.value && <Failure message={problem.value.message} retry={() => void openVisitor(id)} />}
      {!problem.value && (visitor ? <Page visitor={visitor} /> : <Skeleton rows={6} />)}
    </div>
  )
}
