// @vitest-environment happy-dom
/** Tags as they are read from a page, and which of them wins. */
import { beforeEach, expect, it } from 'vitest'
import { pageTag } from '../../snippet/tag.ts'

beforeEach(() => {
  document.head.innerHTML = document.body.innerHTML = ''
  for (const element of [document.documentElement, document.body]) {
    for (const name of Object.keys(element.dataset)) delete element.dataset[name]
  }
})

it('takes each tag of a page from the most specific place that has it', () => {
  Object.assign(document.documentElement.dataset, { funnel: 'tofu', signal: 'article', topic: 'backup' })
  expect(pageTag()).toEqual({ funnel: 'tofu', signal: 'article', topic: 'backup' })
  Object.assign(document.body.dataset, { funnel: 'mofu' })
  document.body.innerHTML = '<main data-signal="comparison"></main>'
  expect(pageTag()).toEqual({ funnel: 'mofu', signal: 'comparison', topic: 'backup' })
  document.head.innerHTML = '<meta name="leadlight" content="bofu pricing">'
  expect(pageTag()).toEqual({ funnel: 'bofu', signal: 'pricing', topic: 'backup' })
  document.head.innerHTML = '<meta name="leadlight" content="case_study">'
  expect(pageTag()).toEqual({ funnel: 'mofu', signal: 'case_study', topic: 'backup' })
})

it('takes the tags of an article only where it is the only one', () => {
  document.body.innerHTML = '<article data-signal="case_study"></article>'
  expect(pageTag().signal).toBe('case_study')
  document.body.innerHTML += '<article data-signal="pricing"></article>'
  expect(pageTag().signal).toBeUndefined()
})
