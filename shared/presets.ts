/** Models to begin with: the default for three lengths of sales cycle, and three worked ones for a kind of business. */
import { type Cycle, presetModel } from './default-model.ts'
import type { Model } from './model.ts'
import { agency } from './preset-agency.ts'
import { saas } from './preset-saas.ts'
import { shop } from './preset-shop.ts'
import { parseModel } from './read-model.ts'

export const PRESETS = ['standard', 'short', 'long', 'saas', 'agency', 'shop'] as const
export type Preset = (typeof PRESETS)[number]
export const HANDOVERS = ['action', 'strict'] as const
export type Handover = (typeof HANDOVERS)[number]

/** The model of that name, handed over at once or only after sales has confirmed. */
export const presetNamed = (preset: Preset, handover: Handover = 'action'): Model => {
  const model = preset in WORKED ? WORKED[preset as keyof typeof WORKED]() : presetModel(preset as Cycle)
  const { qualification } = model
  const name = preset in WORKED ? model.name : TITLES[preset as Cycle]
  return parseModel({
    ...model,
    name,
    qualification: { ...qualification, sql: { ...qualification.sql, preset: handover } },
  })
}

const TITLES = { standard: 'Standard', short: 'Short cycle', long: 'Long cycle' } as const

const WORKED = { saas, agency, shop } as const
