/** The sites of this collector: their names for the filter, their keys for the tag. */
import { signal } from '@preact/signals'
import { getSites, type Site } from '../api.ts'

export const sites = signal<readonly Site[]>([])

export const loadSites = async (): Promise<void> => {
  const answer = await getSites()
  if (answer.ok) sites.value = answer.value.items
}

/** The line to paste. */
export const tagFor = (site: Site): string =>
  `<script defer src="${location.origin}/leadlight.js" data-site="${site.key}"></script>`

/** The site whose tag is offered first: playing on the demo needs none. */
export const ownSites = (all: readonly Site[]): readonly Site[] => all.filter(({ name }) => name !== 'demo')
