/** Every language says the same things: the same keys, and in each what English puts in. */
import { expect, it } from 'vitest'
import { de } from '../../collector/dashboard/strings/de.ts'
import { en } from '../../collector/dashboard/strings/en.ts'
import { es } from '../../collector/dashboard/strings/es.ts'
import { fr } from '../../collector/dashboard/strings/fr.ts'
import { ja } from '../../collector/dashboard/strings/ja.ts'
import { LANGUAGES } from '../../collector/dashboard/strings/language.ts'
import { pt } from '../../collector/dashboard/strings/pt.ts'

const OTHERS = { de, fr, es, pt, ja }

/** Figures that no text has of its own. */
const GIVEN = [71, 82, 93, 64] as const

type Say = (...given: readonly number[]) => string

/** Every text by its place; of one that takes something, what it says of the figures. */
const textsOf = (value: unknown, place = ''): readonly (readonly [string, string])[] => {
  if (typeof value === 'string') return [[place, value]]
  if (typeof value === 'function') return [[place, (value as Say)(...GIVEN)]]
  return Object.entries(value as object).flatMap(([name, each]) => textsOf(each, place ? `${place}.${name}` : name))
}

const english = new Map(textsOf(en))

it('offers every language there is', () => {
  expect(Object.keys(LANGUAGES)).toEqual(['en', ...Object.keys(OTHERS)])
  expect(english.size).toBeGreaterThan(500)
})

it.each(Object.entries(OTHERS))('%s has the same keys as English', (_, strings) => {
  expect(textsOf(strings).map(([place]) => place)).toEqual([...english.keys()])
})

it.each(Object.entries(OTHERS))('%s leaves nothing out that English puts in, and nothing empty', (_, strings) => {
  for (const [place, text] of textsOf(strings)) {
    expect(text.trim(), place).not.toBe('')
    const wanted = GIVEN.filter((figure) => english.get(place)!.includes(String(figure)))
    for (const figure of wanted) expect(text, place).toContain(String(figure))
  }
})

/** Names, signs, and what is the same word in several languages. */
const SAME = /^(direction|brand|none|.*\.(command|address)|setup\.platforms.*|qualifications.*|pseudonym.*)$/

it.each(Object.entries(OTHERS))('%s is translated, but for what is the same everywhere', (_, strings) => {
  const same = textsOf(strings).filter(([place, text]) => english.get(place) === text && !SAME.test(place))
  expect(same.length, same.map(([place]) => place).join()).toBeLessThan(40)
})
