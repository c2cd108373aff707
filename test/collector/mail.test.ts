/** What the domain of an address tells. Measured against public lists where they are at hand. */
import { readFileSync } from 'node:fs'
import { domainToASCII } from 'node:url'
import { describe, expect, it } from 'vitest'
import { companyOf, isFreeMail } from '../../collector/mail.ts'
import { dataFile } from '../ingest/data.ts'

describe('a mailbox that anybody can have', () => {
  it.each(
    `gmail.com googlemail.com yahoo.com yahoo.co.jp yahoo.com.br hotmail.com hotmail.fr outlook.com outlook.de live.nl msn.com
     aol.com icloud.com me.com gmx.de gmx.net web.de t-online.de freenet.de mail.ru yandex.ru bk.ru qq.com 163.com 126.com
     naver.com hanmail.net proton.me protonmail.com tutanota.com fastmail.fm zoho.com hey.com laposte.net orange.fr free.fr
     wanadoo.fr libero.it tiscali.it virgilio.it terra.com.br uol.com.br bol.com.br btinternet.com comcast.net verizon.net
     att.net bigpond.com telenet.be bluewin.ch seznam.cz wp.pl onet.pl interia.pl abv.bg rediffmail.com
     mailinator.com yopmail.com yopmail.fr guerrillamail.com sharklasers.com 10minutemail.com temp-mail.org tempmail.net
     trashmail.com trash-mail.com maildrop.cc getnada.com mailnesia.com dispostable.com throwawaymail.com fakeinbox.com
     spamgourmet.com discard.email wegwerfmail.de jetable.org mohmal.com anything.dynv6.net deep.sub.mailinator.com
     GMAIL.com mail.yahoo.com`.split(/\s+/),
  )('%s is one', (domain) => expect(isFreeMail(domain)).toBe(true))

  it.each(
    `acme.com siemens.com basf.de sap.com royalmail.com dailymail.co.uk mailchimp.com mailgun.com dropbox.com box.com
     verizon.com att.com orange.com vodafone.com telekom.de yandex-team.example liveperson.com webmd.com aolani.example
     gmail.acme.com hotmail-consulting.example templates.example temple.edu minutemen.example university.edu
     posthog.com mailing-house.example`.split(/\s+/),
  )('%s is none', (domain) => expect(isFreeMail(domain)).toBe(false))

  it('is not nothing at all', () => expect(isFreeMail('')).toBe(false))
})

describe('the company of an address', () => {
  it.each([
    ['ann@acme.com', 'acme.com'],
    ['ann@mail.acme.co.uk', 'acme.co.uk'],
    ['ann@ACME.Com', 'acme.com'],
    ['ann@eu.acme.github.io', 'acme.github.io'],
    ['"a@b"@acme.com', 'acme.com'],
    ['ann@münchen.de', 'xn--mnchen-3ya.de'],
    ['ann@xn--mnchen-3ya.de', 'xn--mnchen-3ya.de'],
    ['ann@gmail.com', undefined],
    ['ann@x.mailinator.com', undefined],
    ['ann@[127.0.0.1]', undefined],
    ['ann@127.0.0.1', undefined],
    ['ann@co.uk', undefined],
    ['ann@localhost', undefined],
    ['ann@', undefined],
    ['', undefined],
  ])('%s: %s', (email, company) => expect(companyOf(email)).toBe(company))
})

const listed = (name: string): string => {
  const path = dataFile(`lists/${name}`)
  return path ? readFileSync(path, 'utf8') : ''
}
const share = (domains: readonly string[]): number => domains.filter(isFreeMail).length / domains.length
const lines = (text: string): readonly string[] => text.split('\n').flatMap((line) => line.trim() || [])

const disposable = lines(listed('disposable_domains.txt'))
const free = (JSON.parse(listed('free_domains.json') || '[]') as string[]).filter((name) => !disposable.includes(name))
const suffixes = [...listed('psl_test.txt').matchAll(/^checkPublicSuffix\('([^']*)', (?:null|'([^']*)')\);/gm)]
const isAbsent = disposable.length === 0 || free.length === 0 || suffixes.length === 0

describe.skipIf(isAbsent)('measured against public lists', () => {
  it('knows two free providers in five, one throw-away domain in five', () => {
    const shares = { free: share(free), disposable: share(disposable) }
    console.info(`mail domains known: ${JSON.stringify(shares)}`)
    expect(shares.free).toBeGreaterThan(0.4)
    expect(shares.disposable).toBeGreaterThan(0.2)
  })

  it('finds the registered domain wherever the public suffix list says it is', () => {
    expect(suffixes.length).toBeGreaterThan(50)
    for (const [, host, registered] of suffixes) {
      const expected = registered === undefined ? undefined : domainToASCII(registered)
      expect([host, companyOf(`ann@${host}`)]).toEqual([host, expected])
    }
  })
})
