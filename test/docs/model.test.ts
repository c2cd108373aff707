/** The page about the model says what the model is. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { PAGE, render } from '../../docs/model.ts'
import { DEFAULT_MODEL } from '../../shared/default-model.ts'

const text = readFileSync(PAGE, 'utf8')

describe('docs/model.md', () => {
  it('is up to date; if not: node docs/model.ts', () => {
    expect(text).toBe(render(text, DEFAULT_MODEL))
  })

  it('names every signal that is worth points', () => {
    const worth = Object.entries(DEFAULT_MODEL.signals).filter(([, { group }]) => group)
    expect(worth.filter(([name]) => !text.includes(`\`${name}\``))).toEqual([])
  })

  it('changes with the model', () => {
    const changed = render(text, { ...DEFAULT_MODEL, halfLifeDays: 21 })
    expect(changed).toContain('every **21 days**')
    expect(changed).not.toBe(text)
  })

  it('has a part for every mark', () => {
    const marks = [...text.matchAll(/<!-- (\w+) -->/g)].map(([, name]) => name)
    expect(marks).toEqual(['signals', 'memory', 'stages', 'qualification', 'fit', 'answering', 'presets'])
    for (const [, part] of text.matchAll(/<!-- \w+ -->\n([\s\S]*?)<!-- \//g)) expect(part?.trim()).not.toBe('')
  })
})
