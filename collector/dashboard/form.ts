/** What was filled into a form, as what is asked of it: texts, numbers, lists, JSON. */
import { type Answer, failed } from './api.ts'
import { t } from './strings/language.ts'

export const textIn = (fields: FormData, name: string): string | undefined =>
  String(fields.get(name) ?? '').trim() || undefined

export const numberIn = (fields: FormData, name: string): number | undefined => {
  const text = textIn(fields, name)
  return text === undefined ? undefined : Number(text)
}

/** Parted by commas, spaces or lines. */
export const listIn = (fields: FormData, name: string): readonly string[] =>
  (textIn(fields, name) ?? '').split(/[\s,]+/).filter(Boolean)

/** Undefined where nothing stands there. Throws where it is no JSON: see `whereJson`. */
export const jsonIn = (fields: FormData, name: string): unknown => {
  const text = textIn(fields, name)
  return text === undefined ? undefined : JSON.parse(text)
}

/** What is asked, unless a field that takes JSON has something else. */
export const whereJson = async <Body, T>(
  read: () => Body,
  ask: (body: Body) => Promise<Answer<T>>,
): Promise<Answer<T>> => {
  let body: Body
  try {
    body = read()
  } catch {
    return failed(t.model.noJson)
  }
  return ask(body)
}
