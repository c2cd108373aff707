/** The worked examples of the default model: half-life 14 days, nothing known of fit, tolerance 0.1. */
import { describe, expect, it } from 'vitest'
import { DAY, day, identify, page, read, told, track } from './given.ts'

const at = (events: Parameters<typeof told>[0], days: number) => {
  const { score, stage, qualification } = told(events, days)
  return [Math.round(score * 10) / 10, stage, qualification]
}
const moves = (events: Parameters<typeof told>[0], days: number) =>
  told(events, days)
    .transitions.filter(({ what }) => what !== 'flag')
    .map(({ to, at }) => [to, Math.round(((at - day(0)) / DAY) * 10) / 10])

describe('golden scenarios', () => {
  it('reading once is awareness', () => {
    // search 2 + article 2 + page view 0.5
    expect(at([track(0, 'search_tofu'), read(0, 'article')], 0)).toEqual([4.5, 'awareness', 'anonymous'])
  })

  it('reading all year is interest, never evaluation', () => {
    const events = [0, 7, 14, 21, 28, 35, 42, 49].flatMap((d) => [read(d, 'article'), read(d, 'article')])
    expect(at(events, 49)).toEqual([19.3, 'interest', 'anonymous'])
    expect(at(events, 63)).toEqual([9.7, 'interest', 'anonymous'])
    expect(at(events, 77)).toEqual([4.8, 'interest', 'anonymous'])
    expect(moves(events, 90)).toEqual([
      ['interest', 7],
      ['awareness', 80.8],
    ])
  })

  it('prices again in another session make an evaluation', () => {
    const events = [page(0, 'pricing'), page(0.02, 'pricing'), page(1, 'pricing')]
    expect(at(events, 0)).toEqual([6.5, 'awareness', 'anonymous'])
    expect(at(events, 0.02)).toEqual([7, 'awareness', 'anonymous'])
    // 7.0 · 2^(-1/14) + 12 + 0.5 + 3 for another day
    expect(at(events, 1)).toEqual([22.2, 'evaluation', 'anonymous'])
  })

  it('a buyer goes all the way, and is let go of when sales does nothing', () => {
    const events = [
      track(0, 'campaign_click'),
      page(0, 'commercial_page'),
      page(2, 'commercial_page'),
      page(2, 'case_study'),
      page(2, 'comparison'),
      page(5, 'pricing'),
      page(5, 'buyers_guide'),
      identify(5),
      track(5, 'email_signup'),
      page(9, 'pricing'),
      track(9, 'chat_message'),
      track(10, 'demo_request'),
    ]
    expect(at(events, 0)).toEqual([5.5, 'awareness', 'anonymous'])
    expect(at(events, 2)).toEqual([25.5, 'evaluation', 'anonymous'])
    expect(at(events, 5)).toEqual([42.7, 'evaluation', 'mql'])
    expect(at(events, 9)).toEqual([54.7, 'intent', 'mql'])
    expect(at(events, 10)).toEqual([91.4, 'intent', 'sql'])
    expect(moves(events, 90).slice(-5)).toEqual([
      ['sql', 10],
      ['evaluation', 36.2],
      ['interest', 54.7],
      ['recycled', 70.7],
      ['awareness', 73.2],
    ])
  })

  it('a cart that is left holds the intent stage, and counts after an hour', () => {
    const events = [
      page(0, 'commercial_page'),
      page(0, 'commercial_page'),
      track(0, 'cart_add'),
      track(0, 'checkout_start'),
      identify(1),
      track(1, 'coupon_signup'),
    ]
    expect(at(events, 0)).toEqual([27, 'intent', 'anonymous'])
    expect(at(events, 0.05)).toEqual([36.9, 'intent', 'anonymous'])
    expect(at(events, 1)).toEqual([44.2, 'intent', 'mql'])
  })

  it('a job seeker stays cold', () => {
    const events = [page(0), page(0, 'careers'), page(0.01, 'commercial_page'), page(0.01), page(0.01)]
    expect(at(events, 0.01)).toEqual([0, 'awareness', 'anonymous'])
    expect(told(events, 0.01).raw).toBeCloseTo(-5, 1)
  })

  it('a raised hand is an SQL at once', () => {
    expect(at([track(0, 'demo_request'), identify(0)], 0)).toEqual([45, 'intent', 'sql'])
  })
})
