/** The presets: valid, as configured, and for different businesses different. */
import { describe, expect, it } from 'vitest'
import { HANDOVERS, PRESETS, presetNamed } from '../../shared/presets.ts'
import { readModel } from '../../shared/read-model.ts'
import { identify, page, told, track } from './given.ts'

const pairs = PRESETS.flatMap((preset) => HANDOVERS.map((handover) => [preset, handover] as const))

describe('presets', () => {
  it.each(pairs)('%s, %s is a model without mistakes', (preset, handover) => {
    const model = presetNamed(preset, handover)
    expect(readModel(JSON.parse(JSON.stringify(model))).mistakes).toBeUndefined()
    expect(model.qualification.sql.preset).toBe(handover)
  })

  it.each([
    ['short', 7, 1],
    ['standard', 14, 2],
    ['long', 45, 3],
  ] as const)('%s has a half-life of %d days and takes %d kinds', (preset, days, kinds) => {
    const { halfLifeDays, qualification } = presetNamed(preset)
    expect([halfLifeDays, qualification.mql.distinctKinds, qualification.sql.distinctIntent]).toEqual([
      days,
      kinds,
      kinds,
    ])
  })

  it('all have different names', () => {
    expect(new Set(PRESETS.map((preset) => presetNamed(preset).name)).size).toBe(PRESETS.length)
  })

  it('strict waits for sales where action hands over', () => {
    const events = [track(0, 'demo_request'), identify(0)]
    expect(told(events, 0, presetNamed('standard', 'action')).qualification).toBe('sql')
    const strict = told(events, 0, presetNamed('standard', 'strict'))
    expect([strict.qualification, 'sql_pending' in strict.state.flags]).toEqual(['mql', true])
  })

  it('a full cart is hot in a shop for days, in an agency it is not even known', () => {
    const cart = [track(0, 'Product Added'), track(0, 'Checkout Started')]
    expect(told(cart, 0, presetNamed('shop')).stage).toBe('intent')
    expect(told(cart, 0, presetNamed('agency')).stage).toBe('evaluation')
  })

  it('nothing but a raised hand makes an SQL in a shop', () => {
    const fit = { email: 'ann@acme.example', companySize: 200, industry: 'retail' }
    const events = [
      ...[0, 1, 2, 3].flatMap((d) => [track(d, 'cart_add'), track(d, 'checkout_start'), track(d, 'comparison')]),
      ...[0, 1, 2, 3].flatMap((d) => [
        page(d, 'commercial_page'),
        page(d, 'case_study'),
        track(d, 'search_transactional'),
      ]),
      identify(3, fit),
    ]
    const graded = (preset: 'shop' | 'short') => {
      const model = presetNamed(preset)
      const criteria = [
        { trait: 'companySize', weight: 25, match: [[50, 500] as [number, number]], partial: [] },
        { trait: 'industry', weight: 25, match: ['retail'], partial: [] },
      ]
      return { ...model, fit: { ...model.fit, profiles: [{ name: 'all', criteria }] } }
    }
    expect(told(events, 3, graded('short')).qualification).toBe('sql')
    expect(told(events, 3, graded('shop')).qualification).toBe('mql')
    expect(told([...events, track(3, 'quote_request')], 3, graded('shop')).qualification).toBe('sql')
  })

  it('a used trial is a PQL for a SaaS, and means nothing to an agency', () => {
    const events = [track(0, 'Account Created'), track(1, 'product_activation'), identify(1)]
    expect(Object.keys(told(events, 1, presetNamed('saas')).state.flags)).toContain('pql')
    expect(Object.keys(told(events, 1, presetNamed('agency')).state.flags)).not.toContain('pql')
  })

  it('an enquiry of last month still counts for an agency', () => {
    const events = [track(0, 'Brief Submitted'), page(0, 'case_study'), identify(0)]
    expect(told(events, 30, presetNamed('agency')).score).toBeGreaterThan(30)
    expect(told(events, 30, presetNamed('shop')).score).toBeLessThan(1)
  })

  it.each([
    ['agency', '/portfolio/tern-dental', 'case_study'],
    ['shop', '/products/boots', 'commercial_page'],
    ['shop', '/en/size-guide', 'size_guide'],
    ['saas', '/security', 'buyers_guide'],
    ['saas', '/pricing', 'pricing_first'],
  ] as const)('%s knows %s as %s', (preset, path, signal) => {
    const { ledger } = told([page(0, undefined, { url: `https://acme.example${path}` })], 0, presetNamed(preset))
    expect(ledger.map((row) => row.signal)).toContain(signal)
  })
})
