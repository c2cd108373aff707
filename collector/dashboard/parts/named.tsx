/** A list of people of whom only the ids are told, by the names they are known by; by the id where they are no more. */
import type { ComponentChildren } from 'preact'
import type { Identity } from '../person.ts'
import { visitorHref } from '../router.ts'
import { useNames } from '../state/names.ts'
import { Skeleton } from './skeleton.tsx'

interface NamedProps {
  readonly ids: readonly string[]
  /** What there is to say of one, behind the name. */
  readonly say?: (id: string) => string
  /** Below all of them. */
  readonly children?: ComponentChildren
}

const Person = ({ id, identity }: { id: string; identity: Identity | undefined }) => (
  <>
    <a class={identity?.known === false ? 'nameless' : undefined} href={visitorHref(id)}>
      <bdi>{identity?.name ?? id.slice(0, 8)}</bdi>
    </a>
    {identity?.detail && (
      <>
        {' '}
        <bdi>{identity.detail}</bdi>
      </>
    )}
  </>
)

export const Named = ({ ids, say, children }: NamedProps) => {
  const names = useNames(ids)
  if (!names) return <Skeleton rows={Math.min(ids.length, 3)} />
  return (
    <ul class="reasons named">
      {ids.map((id) => (
        <li key={id}>
          <Person id={id} identity={names.get(id)} />
          {say && ` · ${say(id)}`}
        </li>
      ))}
      {children}
    </ul>
  )
}
