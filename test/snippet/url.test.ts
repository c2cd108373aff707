// @vitest-environment happy-dom
/** Addresses leave the page without what could be a secret. */
import { beforeAll, describe, expect, it } from 'vitest'
import { setOptions } from '../../snippet/options.ts'
import { clean } from '../../snippet/url.ts'

describe('an address without secrets', () => {
  beforeAll(() => setOptions({ endpoint: 'https://collector.example' }))

  it.each([
    [
      'https://u:p@shop.example/a?token=1&utm_source=mail&gclid=x#frag',
      'https://shop.example/a?utm_source=mail&gclid=x',
    ],
    ['https://shop.example/a?email=a@b.c&utm_content=a%40b.c', 'https://shop.example/a'],
    [
      'https://shop.example/?msclkid=1&fbclid=2&li_fat_id=3&mc_eid=4&clientid=5&ref=6',
      'https://shop.example/?msclkid=1&fbclid=2&li_fat_id=3&ref=6',
    ],
    ['mailto:sales@example.com', undefined],
    ['blob:https://shop.example/1234', undefined],
    ['data:text/plain,secret', undefined],
    ['', undefined],
  ])('%s becomes %s', (given, cleaned) => {
    expect(clean(given)).toBe(cleaned)
  })
})
