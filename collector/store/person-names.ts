/** All names by which somebody may come back. */
import type { SiteName } from './erased-file.ts'
import type { HeldPart } from './store.ts'

export const namesOf = ({
  site,
  parts,
}: {
  readonly site: string
  readonly parts: readonly HeldPart[]
}): readonly SiteName[] =>
  parts.flatMap(({ id, names }) => [
    { site, kind: 'id', value: id } as const,
    ...names.map((name) => ({ site, ...name })),
  ])
