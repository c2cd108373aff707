/** Names of browsers that are known to be a program's or a person's: who is taken for what. */
import crawlers from 'crawler-user-agents'
import { devices } from 'playwright-core'
import popular from 'top-user-agents' with { type: 'json' }
import { describe, expect, it } from 'vitest'
import { type Circumstances, guard } from '../../collector/ingest/guard.ts'
import { seen, snippet } from './arrival.ts'

const site = { allowsAutomation: false, allowsPurchase: false, requiresConsent: false }
const batch = snippet([seen({ type: 'page', signal: 'pricing' })])
const guarded = (userAgent: string, source: Circumstances['source'] = 'browser') =>
  guard(batch, { source, userAgent, purpose: undefined, site, consent: undefined })
const isFlagged = (userAgent: string): boolean => guarded(userAgent).events[0]!.event.flagged !== undefined

const bots = [...new Set(crawlers.flatMap(({ instances = [] }: { instances?: readonly string[] }) => instances))]

const ANDROID = 'Mozilla/5.0 (Linux; Android 15; Pixel 9; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0'
const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)'
const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0'
/** Of people who came by an application, and of browsers that few have. */
const RARE = [
  `${ANDROID} Chrome/140.0.0.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/530.0.0.48.74;]`,
  `${ANDROID} Chrome/140.0.0.0 Mobile Safari/537.36 Instagram 400.0.0.49.68 Android`,
  `${ANDROID} Chrome/140.0.0.0 Mobile Safari/537.36 LinkedInApp`,
  `${IPHONE} Mobile/15E148 LinkedInApp/9.31`,
  `${IPHONE} Mobile/15E148 [FBAN/FBIOS;FBAV/530.0.0.37.74]`,
  `${IPHONE} CriOS/140.0.0.0 Mobile/15E148 Safari/604.1`,
  `${IPHONE} GSA/380.0.0 Mobile/15E148 Safari/604.1`,
  `${IPHONE} FxiOS/143.0 Mobile/15E148 Safari/605.1.15`,
  `${IPHONE} Version/18.6 Mobile/15E148 DuckDuckGo/7 Safari/605.1.15`,
  `${WINDOWS} Safari/537.36 OPR/121.0.0.0`,
  `${WINDOWS} Safari/537.36 Vivaldi/7.5`,
  `${WINDOWS} Safari/537.36 Edg/140.0.0.0`,
  `${WINDOWS} Whale/4.33.325.17 Safari/537.36`,
  `${WINDOWS} YaBrowser/25.8.0.0 Safari/537.36`,
  'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0',
  'Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
]
const people = [...new Set([...popular, ...Object.values(devices).map(({ userAgent }) => userAgent), ...RARE])]

describe('told by their names', () => {
  it('at least 99 in 100 programs are flagged', () => {
    const missed = bots.filter((bot) => !isFlagged(bot))
    expect(bots.length).toBeGreaterThan(2000)
    expect(missed.length / bots.length, missed.join('\n')).toBeLessThanOrEqual(0.01)
  })

  it('at most 7 in 1000 people are', () => {
    const wronged = people.filter(isFlagged)
    expect(people.length).toBeGreaterThan(150)
    expect(wronged.length / people.length, wronged.join('\n')).toBeLessThanOrEqual(0.007)
  })

  it('none of either is dropped, and with a secret key none is flagged', () => {
    for (const name of [...bots, ...people]) {
      const { events, rejected } = guarded(name)
      expect([events.length, rejected.length]).toEqual([1, 0])
      expect(guarded(name, 'server').events[0]!.event.flagged).toBeUndefined()
    }
  })
})
