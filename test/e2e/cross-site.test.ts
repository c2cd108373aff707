/** A page of somebody else, opened by an administrator who is signed in: it changes nothing and reads nothing. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium } from '../chromium.ts'
import { ADMIN, BROWSER, beacon, type Collector, startCollector } from '../collector/collector.ts'

const browser: Browser | undefined = await launchChromium()
let collector: Collector
let evil: Server
let context: BrowserContext

beforeAll(async () => {
  collector = await startCollector({ LEADLIGHT_DEMO: 'on' })
  const events = [{ type: 'page', url: 'https://www.acme.example/' }]
  await collector.ask('/e', {
    method: 'POST',
    headers: BROWSER,
    body: beacon(collector.key(), events, { visitor: 'ann' }),
  })
  evil = createServer((_, response) => {
    response.setHeader('content-type', 'text/html')
    response.end('<!doctype html><title>evil</title>')
  })
  await new Promise<void>((resolve) => evil.listen(0, () => resolve()))
  if (!browser) return
  context = await browser.newContext()
  const page = await context.newPage()
  const signIn = new URL(collector.running.signInUrl())
  await page.goto(collector.url + signIn.pathname + signIn.search)
  expect(await page.evaluate(async () => (await fetch('/api/visitors')).status)).toBe(200)
})
afterAll(async () => {
  await browser?.close()
  evil.close()
  await collector.end()
})

const state = async (): Promise<string> => {
  const paths = ['/api/sites', '/api/models', '/api/rejected', '/api/visitors/ann/timeline']
  const all = await Promise.all(paths.map((path) => collector.ask(path, { token: ADMIN })))
  const { items } = (await collector.admin<{ items: { id: string }[] }>('/api/keys')).body
  return all.map(({ text }) => text).join() + items.map(({ id }) => id).join()
}

/** Where it comes from: another site, or only another port of the same one, to which the browser gives its cookies. */
const places = (): Record<string, string> => {
  const { port } = evil.address() as AddressInfo
  return { 'another site': `http://127.0.0.1:${port}/`, 'another port': `http://localhost:${port}/` }
}

const WRITES = [
  ['/api/sites', '{"name":"evil"}'],
  ['/api/keys', '{"kind":"admin"}'],
  ['/api/signin', ''],
  ['/api/models', '{"preset":"saas"}'],
  ['/api/models/1/revert', '{}'],
  ['/api/visitors/ann/feedback', '{"verdict":"won"}'],
  ['/api/visitors/ann/adjust', '{"points":50,"group":"intent","reason":"x"}'],
] as const

describe.skipIf(!browser).each(['another site', 'another port'])('from %s', (from) => {
  const open = async (): Promise<Page> => {
    const page = await context.newPage()
    await page.goto(places()[from]!)
    return page
  }

  it('nothing is changed, by whatever means a page has', async () => {
    const before = await state()
    const page = await open()
    for (const [path, body] of WRITES) {
      const to = collector.url + path
      await page.evaluate(
        async ([url, text]) => {
          const ways: RequestInit[] = [
            { mode: 'no-cors' },
            { mode: 'cors' },
            { mode: 'no-cors', headers: { 'content-type': 'text/plain' } },
            { mode: 'cors', headers: { 'content-type': 'application/json', 'x-http-method-override': 'POST' } },
          ]
          for (const way of ways)
            await fetch(url!, { method: 'POST', credentials: 'include', body: text!, ...way }).catch(() => {})
          for (const method of ['PUT', 'PATCH', 'DELETE'])
            await fetch(url!, { method, credentials: 'include', body: text! }).catch(() => {})
          navigator.sendBeacon(url!, text!)
        },
        [to, body],
      )
      // A form whose one field is named and filled so that what is sent is JSON.
      const split = body.lastIndexOf('"')
      await page.evaluate(
        ([url, name, value]) => {
          const form = document.createElement('form')
          Object.assign(form, { method: 'POST', enctype: 'text/plain', action: url })
          const field = document.createElement('input')
          Object.assign(field, { name, value })
          form.append(field)
          document.body.append(form)
          form.submit()
        },
        [to, body.slice(0, split), body.slice(split)],
      )
      await page.waitForURL((url) => url.href === to)
      await page.goto(places()[from]!)
    }
    await page.close()
    expect(await state()).toBe(before)
  }, 60_000)

  it('nothing is read', async () => {
    const page = await open()
    const read = await page.evaluate(async (base) => {
      const texts: string[] = []
      for (const path of ['/api/visitors', '/api/sites', '/api/keys', '/api/live', '/api/openapi.json', '/'])
        for (const mode of ['cors', 'no-cors'] as const) {
          const answer = await fetch(base + path, { credentials: 'include', mode }).catch(() => undefined)
          if (answer) texts.push(await answer.text().catch(() => ''))
        }
      const frame = document.createElement('iframe')
      frame.src = `${base}/api/visitors`
      document.body.append(frame)
      await new Promise((resolve) => setTimeout(resolve, 300))
      texts.push(frame.contentDocument?.body?.textContent ?? '')
      const script = document.createElement('script')
      script.src = `${base}/api/visitors`
      const ran = await new Promise<boolean>((resolve) => {
        script.onload = () => resolve(true)
        script.onerror = () => resolve(false)
        document.body.append(script)
      })
      return { text: texts.join(''), ran }
    }, collector.url)
    await page.close()
    expect(read).toEqual({ text: '', ran: false })
  }, 30_000)
})
