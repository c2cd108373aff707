/** What visitors care for. */
import { describe, expect, it } from 'vitest'
import { DEFAULT_MODEL } from '../../shared/default-model.ts'
import { addInterest, interestsAt, type Topics } from '../../shared/topic.ts'
import { DAY, day, event, page, told, track } from './given.ts'

const interests = (events: Parameters<typeof told>[0], days: number) =>
  interestsAt(told(events, days).state.topics, day(days), DEFAULT_MODEL.halfLifeDays).map(({ topic, value }) => [
    topic,
    Number(value.toFixed(2)),
  ])

describe('topics', () => {
  const url = 'https://x.example/a'

  it('are what pages and downloads are about, by the points of what was done there', () => {
    const events = [
      page(0, 'case_study', { topic: 'backup' }),
      page(0, 'commercial_page', { topic: 'archive' }),
      event(0, 'download', { url, funnel: 'bofu', topic: 'archive' }),
      page(0, 'case_study'),
      track(0, 'chat_message'),
    ]
    expect(interests(events, 0)).toEqual([
      ['archive', 11.5], // view 0.5, product page 3, download 8
      ['backup', 5.5],
    ])
  })

  it('fade like the rest, so that a new interest overtakes an old one', () => {
    const events = [page(0, 'case_study', { topic: 'backup' }), page(14, 'commercial_page', { topic: 'archive' })]
    expect(interests(events, 14)).toEqual([
      ['archive', 3.5],
      ['backup', 2.75],
    ])
  })

  it('are no less when the cap leaves the points nothing', () => {
    const events = [event(0, 'adjust', { group: 'evaluate', points: 25, reason: 'r' }), page(0, 'faq', { topic: 'a' })]
    expect(interests(events, 0)).toEqual([['a', 3.5]])
  })

  it('of an article count when it was read', () => {
    const view = page(0, 'article', { topic: 'a', view: 'v' })
    expect(interests([view], 0)).toEqual([['a', 0.5]])
    expect(interests([view, event(0.01, 'engagement', { view: 'v', seconds: 60, scroll: 0 })], 0.01)).toEqual([
      ['a', 2.5],
    ])
  })

  it('may be given by a page rule', () => {
    const pageRules = [{ path: '/backup', signal: 'commercial_page', topic: 'backup' }]
    const { state } = told([page(0, undefined, { url: 'https://x.example/backup' })], 0, {
      ...DEFAULT_MODEL,
      pageRules,
    })
    expect(Object.keys(state.topics!)).toEqual(['backup'])
  })

  it('are no more than twenty: the weakest makes room, never the newest', () => {
    const names = Array.from({ length: 25 }, (_, i) => `t${i}`)
    const topics = names.reduce<Topics>((all, topic, i) => addInterest(all, { topic, points: 25 - i, at: i }, 14), {})
    expect(Object.keys(topics)).toEqual([...names.slice(0, 19), 't24'])
  })

  it.each(['__proto__', 'constructor', 'toString'])('may be called %s', (topic) => {
    const topics = addInterest(addInterest({}, { topic, points: 1, at: 0 }, 14), { topic, points: 2, at: 14 * DAY }, 14)
    expect(interestsAt(topics, 14 * DAY, 14)).toEqual([{ topic, value: 2.5 }])
  })
})
