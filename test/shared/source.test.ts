/** Where a visit came from: by what the address says, then by the click, then by who linked. */
import { describe, expect, it } from 'vitest'
import { touchOf } from '../../shared/source.ts'
import { page, told } from './given.ts'

const touch = (referrer: string | undefined, query = '') =>
  touchOf({ id: 'e', at: 1000, source: 'browser', type: 'page', url: `https://shop.example/a${query}`, referrer })

describe('a referrer', () => {
  it.each([
    ['https://www.google.com/', 'organic', 'google'],
    ['https://google.de/', 'organic', 'google'],
    ['https://www.google.co.uk/', 'organic', 'google'],
    ['https://www.google.com.br/', 'organic', 'google'],
    ['https://images.google.fr/', 'organic', 'google'],
    ['https://cn.bing.com/', 'organic', 'bing'],
    ['https://duckduckgo.com/', 'organic', 'duckduckgo'],
    ['https://fr.search.yahoo.com/', 'organic', 'yahoo'],
    ['https://search.yahoo.co.jp/', 'organic', 'yahoo'],
    ['https://r.search.yahoo.com/', 'organic', 'yahoo'],
    ['https://www.ecosia.org/', 'organic', 'ecosia'],
    ['https://www.baidu.com/', 'organic', 'baidu'],
    ['https://yandex.com.tr/', 'organic', 'yandex'],
    ['https://www.qwant.com/', 'organic', 'qwant'],
    ['https://www.startpage.com/', 'organic', 'startpage'],
    ['https://search.brave.com/', 'organic', 'brave'],
    ['https://m.search.naver.com/', 'organic', 'naver'],
    ['https://search.seznam.cz/', 'organic', 'seznam'],
    ['https://www.linkedin.com/', 'social', 'linkedin'],
    ['https://lnkd.in/', 'social', 'linkedin'],
    ['https://l.facebook.com/', 'social', 'facebook'],
    ['https://t.co/', 'social', 'x'],
    ['https://X.com/', 'social', 'x'],
    ['https://old.reddit.com/', 'social', 'reddit'],
    ['https://m.youtube.com/', 'social', 'youtube'],
    ['https://www.pinterest.co.uk/', 'social', 'pinterest'],
    ['https://mastodon.social/', 'social', 'mastodon'],
    ['https://chatgpt.com/', 'ai', 'chatgpt'],
    ['https://www.perplexity.ai/', 'ai', 'perplexity'],
    ['https://gemini.google.com/', 'ai', 'gemini'],
    ['https://copilot.microsoft.com/', 'ai', 'copilot'],
    ['https://claude.ai/', 'ai', 'claude'],
    ['https://mail.google.com/', 'email', 'gmail'],
    ['https://outlook.live.com/', 'email', 'outlook'],
    ['https://de.mail.yahoo.com/', 'email', 'yahoo'],
    ['https://deref-gmx.net/', 'email', 'gmx'],
  ])('%s is %s, %s', (referrer, medium, source) => {
    expect(touch(referrer)).toMatchObject({ medium, source, referrer: new URL(referrer).host.replace(/^www\./, '') })
  })

  it.each([
    'https://docs.google.com/',
    'https://google.example.com/',
    'https://notgoogle.com/',
    'https://google.evil.test/',
    'https://mybing.com/',
    'https://twitter.com.evil.test/',
    'https://finance.yahoo.com/',
    'https://t.com/',
    'https://blog.example/',
    'https://constructor/',
  ])('%s is a website like others, by its host', (referrer) => {
    expect(touch(referrer)).toMatchObject({ medium: 'referral', source: new URL(referrer).host })
  })

  it('of the site itself, or none at all, is direct', () => {
    expect(touch(undefined)).toMatchObject({ medium: 'direct', source: undefined })
    expect(touch('https://shop.example/b')).toMatchObject({ medium: 'direct', source: undefined })
  })
})

describe('the address', () => {
  const GOOGLE = 'https://www.google.com/'
  it.each([
    ['?gclid=1', GOOGLE, 'cpc', 'google'],
    ['?wbraid=1', undefined, 'cpc', 'google'],
    ['?msclkid=1', undefined, 'cpc', 'bing'],
    ['?li_fat_id=1', 'https://www.linkedin.com/', 'cpc', 'linkedin'],
    ['?fbclid=1', undefined, 'social', 'facebook'],
    ['?fbclid=1', 'https://l.instagram.com/', 'social', 'facebook'],
    ['?mc_eid=1', undefined, 'email', 'mailchimp'],
    ['?fbclid=1&gclid=2', undefined, 'cpc', 'google'],
    ['?utm_medium=Partner&utm_source=acme', GOOGLE, 'Partner', 'acme'],
    ['?utm_medium=display&gclid=1', undefined, 'display', 'google'],
    ['?utm_source=ads&gclid=1', undefined, 'cpc', 'ads'],
    ['?utm_source=chatgpt.com', undefined, 'ai', 'chatgpt.com'],
    ['?utm_source=newsletter', undefined, 'direct', 'newsletter'],
    ['?utm_source=newsletter', GOOGLE, 'organic', 'newsletter'],
  ])('%s from %s is %s, %s', (query, referrer, medium, source) => {
    expect(touch(referrer, query)).toMatchObject({ medium, source })
  })
})

describe('what a visit is called scores nothing:', () => {
  const url = 'https://x.example/pricing'
  const from = (referrer?: string) =>
    told([page(0, 'pricing', { id: 'e', url, ...(referrer && { referrer }) })], 1).ledger

  it.each(['https://www.google.com/', 'https://mail.google.com/', 'https://l.facebook.com/', 'https://chatgpt.com/'])(
    'a visit from %s is worth what one from anywhere is',
    (referrer) => {
      expect(from(referrer)).toEqual(from('https://blog.example/'))
      expect(from(referrer)).toEqual(from())
    },
  )

  it('fbclid is a name of the network, and no campaign', () => {
    const signals = told([page(0, undefined, { url: 'https://x.example/?fbclid=1' })], 1).ledger
    expect(signals.map(({ signal }) => signal)).toEqual(['page_view'])
  })
})
