/**
 * Real forms, each field labelled by hand: typed into and submitted in a real browser. No request holds what a
 * sensitive field was given, be the form untouched, or wholly opted in to telling who the visitor is.
 */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Bare, launchBare, type Tab } from '../snippet/bare.ts'
import { CHROMIUM, until } from '../snippet/browser.ts'
import { createRecorder, type Recorder } from '../snippet/recorder.ts'

interface Labelled {
  readonly file: string
  readonly fields: readonly { readonly name: string; readonly class: string }[]
}
const SHARED = [process.env.LEADLIGHT_SHARED, resolve('../shared')].find(
  (path) => path && existsSync(`${path}/data/forms`),
)
if (!SHARED)
  console.warn('SKIPPED: the labelled forms are not at ../shared/data/forms; LEADLIGHT_SHARED may name their place')

/** What a field with this number is given; digits, since not every field takes letters. */
const sentinel = (index: number): string => `739${10_000 + index}`
const SENSITIVE = ['password', 'card', 'otp']

/** Fills every field there is, and submits every form, or what stands for one; tells how many there were. */
const FILL = `(async () => {
  const fields = [...document.querySelectorAll('input,select,textarea')]
  fields.forEach((field, i) => {
    const text = '739' + (10000 + i)
    for (const name of ['maxlength', 'readonly', 'disabled', 'pattern']) field.removeAttribute(name)
    if (/submit|button|image|reset|file|hidden/.test(field.type)) return
    if (/checkbox|radio/.test(field.type)) return field.click()
    field.focus()
    if (field.tagName === 'SELECT' || !document.execCommand('insertText', false, text)) {
      field.value = text
      field.dispatchEvent(new Event('input', { bubbles: true, composed: true }))
    }
  })
  // Some show their password before they go.
  document.querySelectorAll('[type=password]').forEach((field) => { field.type = 'text' })
  addEventListener('submit', (event) => event.preventDefault())
  const forms = [...document.forms]
  for (const form of forms) { form.noValidate = true; form.requestSubmit() }
  const stand = document.querySelector('#stand-in')
  if (!forms.length && stand) {
    const button = document.createElement('button')
    stand.append(button)
    button.click()
    return 1
  }
  return forms.length
})()`

const bodyOf = async (file: string): Promise<string> =>
  (await readFile(`${SHARED}/data/forms/html/${file}`, 'utf8'))
    .replace(/<script[\s\S]*?<\/script>/gi, '')
    .replace(/<(link|meta|iframe|base)[^>]*>/gi, '')
    .replace(/(src|srcset|href)="[^"]*"/gi, '')

const told = (log: Recorder): string =>
  JSON.stringify(
    log.posts.flatMap(({ body }) =>
      // What was searched for is told: it is what a search is for.
      body.events.filter(({ type }) => type !== 'search').map(({ id, view, at, ...rest }) => rest),
    ),
  )

describe.skipIf(!CHROMIUM || !SHARED)('sixty-six real forms', { timeout: 120_000 }, () => {
  let bare: Bare
  let log: Recorder
  let tab: Tab
  let labelled: readonly Labelled[]

  beforeAll(async () => {
    const lines = await readFile(`${SHARED}/data/forms/labels.jsonl`, 'utf8')
    labelled = lines
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    log = await createRecorder()
    bare = await launchBare()
    log.page('/', 'start', { tag: '' })
    tab = await bare.open(`${log.origin}/`)
  }, 60_000)
  afterAll(async () => {
    await bare?.stop()
    await log?.stop()
  })

  /** Walks through all of them; gives what leaked, how many were submitted, and how many of these were seen once. */
  const walk = async (wrap: (body: string) => string, optIn: boolean) => {
    const leaks: string[] = []
    let submitted = 0
    let once = 0
    let traits = 0
    for (const { file, fields } of labelled) {
      log.reset()
      const path = `/${file}`
      log.page(path, wrap(await bodyOf(file)))
      await tab.go(log.origin + path)
      if (optIn)
        await tab.evaluate(`document.querySelectorAll('form').forEach((form) => { form.dataset.identify = '' })`)
      const forms = (await tab.evaluate(FILL)) as number
      await tab.evaluate(`leadlight('page', { signal: 'done' })`)
      await until(() => told(log).includes('"done"'))
      const text = told(log)
      fields.forEach((field, i) => {
        if (SENSITIVE.includes(field.class) && text.includes(sentinel(i)))
          leaks.push(`${file}: ${field.name || i} (${field.class})`)
        if (!optIn && text.includes(sentinel(i))) leaks.push(`${file}: ${field.name || i}, though not opted in`)
      })
      const seen = log.events('form').filter(({ step }) => step === 'submit')
      traits += seen.filter((event) => event.traits).length
      submitted += forms
      once += Math.min(seen.length, forms) - Math.max(0, seen.length - forms)
    }
    return { leaks, submitted, once, traits }
  }

  it('tells nothing of what was typed, and each submission once', async () => {
    const { leaks, submitted, once, traits } = await walk(
      (body) => `<div id="stand-in" data-signal="email_signup">${body}</div>`,
      false,
    )
    expect(leaks).toEqual([])
    expect(traits).toBe(0)
    expect(submitted).toBeGreaterThan(60)
    expect(once / submitted).toBeGreaterThanOrEqual(0.98)
  })

  it('tells nothing sensitive of forms that are opted in, whatever their fields are called', async () => {
    const { leaks, traits } = await walk(
      (body) => `<div id="stand-in" data-signal="email_signup" data-identify>${body}</div>`,
      true,
    )
    expect(leaks).toEqual([])
    // Else nothing was read at all, and the test would prove nothing.
    expect(traits).toBeGreaterThan(5)
  })
})
