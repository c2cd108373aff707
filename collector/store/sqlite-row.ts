/** How a visitor's row is saved on SQLite. */
import type { Written } from './visitor-row.ts'

export const SAVE_PROFILE = `UPDATE visitor SET user = @user, email = @email, state = @state, heat = @heat, stage = @stage,
  qualification = @qualification, grade = @grade, account = @account, warmth = @warmth, label = @label, last_seen = @lastSeen,
  stage_since = @stageSince, due = @due, changed = @changed WHERE n = @n`

/** The same by places: to look values up by name costs as much as the write itself. */
export const SAVE_BY_PLACE = SAVE_PROFILE.replace(/@\w+/g, '?')
const PLACES = [...SAVE_PROFILE.matchAll(/@(\w+)/g)].map(([, name]) => name as keyof Written)

export const valuesOf = (row: Written): readonly unknown[] => PLACES.map((name) => row[name])
