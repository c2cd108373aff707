/** What somebody is changing in the model, before it is kept as a draft: setting by setting, as a JSON merge patch. */
import { computed, signal } from '@preact/signals'
import { send } from '../api.ts'
import type { WholeVersion } from './models.ts'
import { type RuleRows, rulesOf } from './rule-rows.ts'

/** Whether the figures can be changed just now. */
export const editing = signal(false)
/** New values by the path of their setting: `signals.pricing.points`. */
export const edits = signal<ReadonlyMap<string, number>>(new Map())

/** The page rules as they are to be; undefined where nobody touched them. */
export const ruleEdits = signal<RuleRows | undefined>(undefined)
/** How many settings are another now; all page rules together are one. */
export const changeCount = computed(() => edits.value.size + (ruleEdits.value ? 1 : 0))

export const editRules = (rows: RuleRows): void => {
  ruleEdits.value = rows
}

export const beginEdit = (): void => {
  edits.value = new Map()
  ruleEdits.value = undefined
  editing.value = true
}

export const endEdit = (): void => {
  editing.value = false
  edits.value = new Map()
  ruleEdits.value = undefined
}

/** A value like the one there was is no change. */
export const edit = (path: string, value: number, before: number): void => {
  const changed = new Map(edits.value)
  if (value === before || !Number.isFinite(value)) changed.delete(path)
  else changed.set(path, value)
  edits.value = changed
}

interface Patch {
  [key: string]: number | Patch
}

export const patchOf = (changes: ReadonlyMap<string, number>): Patch => {
  const patch: Patch = {}
  for (const [path, value] of changes) {
    const steps = path.split('.')
    const last = steps.pop()!
    let place = patch
    for (const step of steps) {
      place[step] ??= {}
      place = place[step] as Patch
    }
    place[last] = value
  }
  return patch
}

export const keepDraft = (base: number, reason: string) =>
  send<WholeVersion>('POST', '/api/models', {
    // A list is replaced as a whole.
    patch: { ...patchOf(edits.value), ...(ruleEdits.value && { pageRules: rulesOf(ruleEdits.value) }) },
    base,
    reason,
  })

/** A whole document, as somebody wrote it. Undefined where it is no JSON. */
export const keepDocument = (text: string, reason: string) => {
  try {
    return send<WholeVersion>('POST', '/api/models', { model: JSON.parse(text) as unknown, reason })
  } catch {
    return undefined
  }
}
