/** What untagged pages mean by their address, with the rules of the default model. */
import { describe, expect, it } from 'vitest'
import { DEFAULT_MODEL } from '../../shared/default-model.ts'
import { createPageRules } from '../../shared/page-rule.ts'

const ruleFor = createPageRules(DEFAULT_MODEL.pageRules)

describe('default page rules', () => {
  it.each([
    ['https://x.example/pricing', 'pricing'],
    ['https://x.example/Pricing/', 'pricing'],
    ['https://x.example/en-gb/plans.html?utm_source=a#top', 'pricing'],
    ['https://x.example/de/preise', 'pricing'],
    ['https://x.example/fr/tarifs', 'pricing'],
    ['https://x.example/es/precios', 'pricing'],
    ['https://x.example/pt/preços', 'pricing'],
    ['https://x.example/%E6%96%99%E9%87%91', 'pricing'], // 料金
    ['https://x.example/blog/how-we-price', 'tofu_page'],
    ['https://x.example/blog/pricing', 'tofu_page'], // the blog comes first
    ['https://x.example/pricing-psychology', undefined], // a segment, not a prefix
    ['https://x.example/case-studies/acme', 'case_study'],
    ['https://x.example/customers', 'case_study'],
    ['https://x.example/customers/login', 'login'],
    ['https://x.example/ours-vs-theirs', 'comparison'],
    ['https://x.example/careers/engineer', 'careers'],
    ['https://x.example/docs/api', 'tech_docs'],
    ['https://x.example/checkout/address', 'checkout_start'],
    ['https://x.example/produkte/a', 'commercial_page'],
    ['/pricing', 'pricing'], // a bare path
    ['https://x.example/', undefined],
    ['https://pricing.example/', undefined], // the host is no path
    ['https://x.example/%E0%A4%A', undefined], // not decodable
  ])('%s is %s', (url, signal) => expect(ruleFor(url)?.signal).toBe(signal))

  it.each([
    ['https://x.example/demo', 'bofu'],
    ['https://x.example/demo/pricing-table', undefined], // `$`: only at the end
    ['https://x.example/cart', 'bofu'],
  ])('%s is %s by funnel alone', (url, funnel) => {
    expect(ruleFor(url)?.funnel).toBe(funnel)
    expect(ruleFor(url)?.signal).toBeUndefined()
  })
})
