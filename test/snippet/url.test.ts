// @vitest-environment happy-dom
/** Addresses leave the page without what could be a secret. */
import { describe, expect, it } from 'vitest'
import { clean } from '../../snippet/url.ts'

describe('an address without secrets', () => {
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
    ['mailto:sales@example.com', ''],
    ['blob:https://shop.example/1234', ''],
    ['data:text/plain,secret', ''],
    ['', ''],
  ])('%s becomes %s', (given, cleaned) => {
    expect(clean(given)).toBe(cleaned)
  })
})
