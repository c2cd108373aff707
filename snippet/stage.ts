/** The visitor's own stage, on sites that opted in: told to whoever asked, and shown by the templates that are for it. */
import { run } from './run.ts'

let stage: string | undefined
const watching: ((stage: string) => void)[] = []
/** What was shown for the stage before. */
let shown: ChildNode[] = []

/** Calls back with the stage whenever it changes. */
export const onStage = (_what: 'stage', callback: (stage: string) => void): unknown => watching.push(callback)

/** Shows what is in each `<template data-stage="intent evaluation">` that names the stage, after it. */
const show = (): void => {
  for (const node of shown) node.remove()
  shown = []
  for (const template of document.querySelectorAll<HTMLTemplateElement>(`template[data-stage~=${stage}]`)) {
    const nodes = [...document.importNode(template.content, true).childNodes]
    template.after(...nodes)
    shown.push(...nodes)
  }
}

/** Hears what the collector answers. */
export const hear = (answer: string): void => {
  const told = /"stage":"(\w+)/.exec(answer)?.[1]
  if (!told || told === stage) return
  stage = told
  run(show)
  for (const callback of watching) run(callback, told)
}
