/** Addresses: what stays of them, and what never does. */
import { expect, it, test } from 'vitest'
import { cleanDownload, cleanReferrer, cleanUrl } from '../../collector/ingest/url.ts'
import { dataFile, jsonFile } from './data.ts'

it.each([
  ['https://a.example/pricing', 'https://a.example/pricing'],
  ['HTTPS://A.example:443/%7Ejen/../x y', 'https://a.example/x%20y'],
  ['https://user:secret@a.example/', 'https://a.example/'],
  ['https://a.example/?token=secret&session=1', 'https://a.example/'],
  ['https://a.example/?utm_source=n&token=secret&gclid=1', 'https://a.example/?utm_source=n&gclid=1'],
  ['https://a.example/?UTM_Source=n', 'https://a.example/?UTM_Source=n'],
  [
    'https://a.example/?q=backup&s=1&query=2&search=3&keyword=4&ref=5',
    'https://a.example/?q=backup&s=1&query=2&search=3&keyword=4&ref=5',
  ],
  ['https://a.example/?q=jen%40b.example', 'https://a.example/'],
  ['https://a.example/?utm_term=jen%2540b.example&q=ok', 'https://a.example/?q=ok'], // encoded twice
  ['https://a.example/?q=a+%40+home', 'https://a.example/?q=a+%40+home'],
  [`https://a.example/?q=${'x'.repeat(512)}`, `https://a.example/?q=${'x'.repeat(512)}`],
  [`https://a.example/?q=${'x'.repeat(513)}`, 'https://a.example/'],
  ['https://a.example/#access_token=secret', 'https://a.example/'],
  ['https://a.example/#/pricing', 'https://a.example/'],
  ['ftp://a.example/', undefined],
  ['javascript:alert(1)', undefined],
  ['mailto:jen@a.example', undefined],
  ['data:text/html,x', undefined],
  ['/pricing', undefined],
  ['', undefined],
  [undefined, undefined],
  [null, undefined],
])('%j is kept as %j', (url, expected) => {
  expect(cleanUrl(url)).toBe(expected)
})

it.each([
  ['https://a.example/#/pricing', 'https://a.example/#/pricing'],
  ['https://a.example/#!/pricing?token=secret&q=x', 'https://a.example/#!/pricing?q=x'],
  ['https://a.example/#access_token=secret', 'https://a.example/'],
  ['https://a.example/#', 'https://a.example/'],
])('where the site routes by hash, %j is kept as %j', (url, expected) => {
  expect(cleanUrl(url, true)).toBe(expected)
})

test('an address that is too long loses its query first, then its end', () => {
  const path = (length: number) => `https://a.example/${'p'.repeat(length - 18)}`
  expect(cleanUrl(path(2048))).toBe(path(2048))
  expect(cleanUrl(path(2049))).toBe(path(2048))
  expect(cleanUrl(`${path(2040)}?q=longer`)).toBe(path(2040))
})

it.each([
  ['https://user:pw@b.example/x?q=jen@c.example#h', 'https://b.example/x'],
  ['android-app://com.example', undefined],
  ['', undefined],
])('the referrer %j is kept as %j', (url, expected) => {
  expect(cleanReferrer(url)).toBe(expected)
})

it.each([
  ['https://a.example/guide.pdf?v=2#x', 'https://a.example/guide.pdf'],
  ['blob:https://a.example/0f3b', 'https://a.example/'],
  ['data:text/plain,x', undefined],
])('the download %j is kept as %j', (url, expected) => {
  expect(cleanDownload(url)).toBe(expected)
})

const wpt = dataFile('robustness/wpt_urltestdata.json')
const cases = (jsonFile(wpt) as unknown[]).filter((c): c is { input: string } => typeof c === 'object')

test.skipIf(!wpt)(`${cases.length} addresses of the web platform tests are clean or nothing`, () => {
  const kept = cases.flatMap(({ input }) => [cleanUrl(input), cleanUrl(input, true), cleanReferrer(input)])
  const urls = kept.filter((url) => url !== undefined)
  expect(urls.length).toBeGreaterThan(300)
  for (const text of urls) {
    const url = new URL(text)
    expect(['http:', 'https:']).toContain(url.protocol)
    expect(url.username + url.password).toBe('')
    expect(url.hash === '' || /^#!?\//.test(url.hash)).toBe(true)
    expect(cleanUrl(text, true)).toBe(text)
  }
})
