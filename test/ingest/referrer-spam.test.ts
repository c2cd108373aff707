/** Spam is known by the families it comes in; nobody who sends real visitors is taken for it. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { isReferrerSpam } from '../../collector/ingest/referrer-spam.ts'
import { dataFile } from './data.ts'

it.each([
  ['semalt.com', true],
  ['www.semalt.com', true],
  ['SEMALT.com', true],
  ['semalt.com.', true],
  ['buttons-for-website.com', true],
  ['free-social-buttons7.xyz', true],
  ['cookie-law-enforcement-zz.xyz', true],
  ['bottraffic999.xyz', true],
  ['darodar.com', true],
  ['notsemalt.com', false],
  ['semalt.com.acme.example', false],
  ['www.google.com', false],
  ['traffic.example', false],
  ['seo.example', false],
  ['casino.example', false],
  ['social-buttons.acme.example', false],
  ['localhost', false],
  ['', false],
  ['[::1]', false],
] as const)('%s: %s', (host, expected) => {
  expect(isReferrerSpam(host)).toBe(expected)
})

const lines = (name: string): readonly string[] => {
  const path = dataFile(`lists/${name}`)
  return path ? (readFileSync(path, 'utf8').match(/[a-z0-9-]+(\.[a-z0-9-]+)+/gi) ?? []) : []
}
const spam = lines('matomo_spammers.txt')

describe.skipIf(spam.length === 0)('held against the public lists', () => {
  it('it knows a good part of the spam, in a small part of the space', () => {
    const known = spam.filter(isReferrerSpam)
    expect(spam.length).toBeGreaterThan(2000)
    expect(known.length / spam.length).toBeGreaterThan(0.15)
  })

  it.each([
    'matomo_SearchEngines.yml',
    'matomo_Socials.yml',
    'matomo_AIAssistants.yml',
    'free_domains.json',
    'disposable_domains.txt',
  ])('and nobody of %s', (name) => {
    const hosts = lines(name)
    expect(hosts.length).toBeGreaterThan(20)
    expect(hosts.filter(isReferrerSpam)).toEqual([])
  })
})
