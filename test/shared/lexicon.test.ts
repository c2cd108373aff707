/** What search words mean. */
import { describe, expect, it } from 'vitest'
import { DEFAULT_MODEL } from '../../shared/default-model.ts'
import { createLexicon } from '../../shared/lexicon.ts'

const lexicons = { ...DEFAULT_MODEL.lexicons, brands: ['Cairnhold'], competitors: ['Drumlin Vault'] }
const classOf = createLexicon({ lexicons })

describe('search words', () => {
  it.each([
    ['how to improve restore times', 'tofu'],
    ['improving restores', 'tofu'],
    ['IMPROVED', 'tofu'],
    ['backup software', 'mofu'],
    ['suppliers of backup', 'mofu'],
    ['backup reviews', 'bofu'],
    ['pros and cons of tape', 'bofu'],
    ['pros of tape', undefined],
    ['comparing backup tools', 'bofu'], // the highest lexicon wins over "tools"
    ['buy backup software', 'transactional'],
    ['Cairnhold', 'bofu'],
    ['drumlin vault uptime', 'bofu'],
    ['drumlin', undefined], // half a brand is none
    ['buy cairnhold', 'transactional'],
    ['tape vs disk', 'mofu'], // no brand: they compare kinds
    ['cairnhold vs tape', 'bofu'],
    ['order status', undefined], // ambiguous, and a support phrase is there
    ['order a licence', 'transactional'],
    ['update password', undefined],
    ['update strategy', 'tofu'],
    ['contest', undefined], // word-bounded: no "test" in it
    ['évaluate', 'bofu'], // accents do not matter
    ['', undefined],
    ['🜲', undefined],
  ] as const)('%j is %s', (text, expected) => expect(classOf(text)).toBe(expected))
})
