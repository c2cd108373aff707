/** The sites of this collector: their names for the filter, their keys for the tag. */
import { signal } from '@preact/signals'
import type { PageRule } from '../../../shared/model.ts'
import { get, type Site } from '../api.ts'
import { tagOn } from '../install.ts'

export interface WholeSite extends Site {
  readonly origins?: readonly string[]
  readonly consent?: 'none' | 'required' | 'cookieless'
  readonly honoursGpc?: boolean
  readonly allowsPurchase?: boolean
  readonly allowsAutomation?: boolean
  readonly tellsStage?: boolean
  /** Null: for good. */
  readonly retentionDays?: number | null
  readonly expiry?: 'erase' | 'anonymize'
  readonly ignores?: readonly string[]
  readonly staff?: readonly string[]
  readonly pageRules?: readonly PageRule[]
}

export const sites = signal<readonly WholeSite[]>([])

export const loadSites = async (): Promise<void> => {
  const answer = await get<{ readonly items: readonly WholeSite[] }>('/api/sites')
  if (answer.ok) sites.value = answer.value.items
}

/** The line to paste. */
export const tagFor = (site: Site): string => tagOn('html', site, location.origin)

/** The site whose tag is offered first: playing on the demo needs none. */
export const ownSites = (all: readonly WholeSite[]): readonly WholeSite[] =>
  all.filter(({ name }) => name !== 'demo' && name !== 'sample')
