// @vitest-environment happy-dom
/** Parts of the page, as they come out in the document. */
import { render, type VNode } from 'preact'
import { expect, it } from 'vitest'
import { Explanation } from '../../collector/dashboard/parts/explanation.tsx'
import { GroupsBar } from '../../collector/dashboard/parts/groups-bar.tsx'
import { Headline } from '../../collector/dashboard/parts/headline.tsx'
import { StagePath } from '../../collector/dashboard/parts/stage-path.tsx'
import { TimelineEntry } from '../../collector/dashboard/parts/timeline-entry.tsx'
import { WebLink } from '../../collector/dashboard/parts/web-link.tsx'
import type { TimelineItem } from '../../shared/answer.ts'
import { makeHostile } from './fake-hostile.ts'
import { standing } from './fake-ledger.ts'
import { makePerson } from './fake-people.ts'

const draw = (node: VNode): HTMLElement => {
  const box = document.createElement('div')
  render(node, box)
  return box
}

const NOW = Date.now()

it.each(['https://example.com/a?b=c', 'http://example.com/'])('links %s without telling who sent them', (url) => {
  const link = draw(<WebLink url={url} />).querySelector('a')!
  expect([link.getAttribute('href'), link.rel]).toEqual([url, 'noreferrer noopener'])
})

it.each(['javascript:alert(1)', 'data:text/html,x', ' java\nscript:x', '//example.com', '/pricing', 'Case study', ''])(
  'shows %j as text',
  (url) => {
    const box = draw(<WebLink url={url} />)
    expect(box.querySelector('a')).toBeNull()
    expect(box.textContent).toBe(url)
  },
)

it('marks the stage they are at, and the furthest they were', () => {
  const { visitor } = makePerson(0, NOW)
  const path = draw(<StagePath visitor={{ ...visitor, stage: 'interest', furthestStage: 'intent' }} />)
  expect(path.querySelectorAll('li')).toHaveLength(6)
  expect(path.querySelector('[aria-current=step]')?.textContent).toContain('Interest')
  expect(path.querySelector('.furthest')?.textContent).toContain('Intent')
})

it('fills each group as far as it is towards its cap', () => {
  const groups = { discover: 5, engage: 0, evaluate: 25, intent: 60, penalty: -5 }
  const slots = [...draw(<GroupsBar groups={groups} />).querySelectorAll<HTMLElement>('.slot')]
  expect(slots.map(({ style }) => Number(style.getPropertyValue('--part')))).toEqual([0.5, 0, 1, 1, 0.2])
})

const valuesOf = (box: HTMLElement, rows: string): number[] =>
  [...box.querySelectorAll(`${rows} .value`)].map(({ textContent }) => Number(textContent))

it('shows an explanation whose groups sum to its total, the score', () => {
  const { rows, visitor } = makePerson(1, NOW)
  const box = draw(<Explanation explanation={{ items: rows, ...standing(rows) }} />)
  const [total] = valuesOf(box, 'tfoot')
  expect(total).toBeCloseTo(visitor.score, 0)
  const groups = valuesOf(box, '.group')
  expect(groups.length).toBeGreaterThan(2)
  expect(Math.abs(groups.reduce((sum, value) => sum + value, 0) - total!)).toBeLessThan(0.3)
  expect(valuesOf(box, 'tbody tr:not(.group)').length).toBeLessThan(rows.length)
})

it('says why a sum below zero is shown as 0, and where a cap was reached', () => {
  const [row] = makePerson(1, NOW).rows
  const penalty = { ...row!, group: 'penalty' as const, points: -10, applied: -10, factor: 0.5, value: -5 }
  const capped = { ...row!, event: 'other', points: 6, applied: 0, value: 0 }
  const box = draw(<Explanation explanation={{ items: [penalty, capped], sum: -5, score: 0 }} />)
  expect(box.textContent).toContain('The sum is -5.0. A score never goes below 0')
  expect(box.querySelector('td.cap')?.textContent).toBe('cap reached')
})

it('says who was told of them and what became of it, in words', () => {
  const { timeline } = makePerson(0, NOW)
  const item = timeline.find(({ kind }) => kind === 'handoff')!
  const box = draw(<TimelineEntry item={item} />)
  const text = box.textContent!.replace(/\s+/g, ' ')
  expect(text).toContain('Handed over to sales')
  expect(text).toContain('Sales channel: Delivered')
  expect(text).toContain('Hubspot: Given up')
  expect(box.querySelectorAll('[aria-hidden]')).toHaveLength(3)
  const nobody = draw(<TimelineEntry item={{ ...item, deliveries: [] } as TimelineItem} />)
  expect(nobody.textContent).toContain('Who was told is no longer set up.')
})

it('obeys nothing that a visitor wrote', () => {
  const { visitor, rows, timeline } = makeHostile(NOW)
  const box = draw(
    <>
      <Headline visitor={visitor} />
      <Explanation explanation={{ items: rows, ...standing(rows) }} />
      {timeline.map((item, i) => (
        <TimelineEntry key={String(i)} item={item} />
      ))}
    </>,
  )
  expect(box.textContent).toContain('<script>')
  expect(box.querySelectorAll('script, img, iframe, [onerror]')).toHaveLength(0)
  for (const link of box.querySelectorAll('a')) expect(link.getAttribute('href')).toMatch(/^(#|https?:)/)
})
