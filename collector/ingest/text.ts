/** Text that any store can keep: well-formed, without NUL, of bounded length. */

/**
 * UTF-16 units kept of each text; but ids, counted in code points as the schemas count, are never cut: a longer one is
 * refused, for cut ids collide.
 */
export const CAPS = {
  id: 255,
  key: 128,
  title: 512,
  name: 255,
  query: 512,
  tag: 64,
  trait: 1024,
  url: 2048,
} as const

const isHighSurrogate = (unit: number) => unit >= 0xd800 && unit <= 0xdbff

/** Lone surrogates become U+FFFD, NUL goes, and what is over the cap is cut without splitting a character. */
export const clean = (text: string, cap: number = Number.POSITIVE_INFINITY): string => {
  const whole = text.toWellFormed().replaceAll('\0', '')
  if (whole.length <= cap) return whole
  return whole.slice(0, isHighSurrogate(whole.charCodeAt(cap - 1)) ? cap - 1 : cap)
}

/** The same for a text that may be missing; an empty one is. */
export const cleanIf = (text: string | null | undefined, cap?: number): string | undefined =>
  text ? clean(text, cap) || undefined : undefined

/** A name that sits in an attribute: trimmed too. */
export const tagOf = (text: string | null | undefined): string | undefined => cleanIf(text?.trim(), CAPS.tag)

/** An id as an SDK gives it. Some give numbers. */
export const idOf = (id: string | number | null | undefined): string | undefined =>
  id === null || id === undefined ? undefined : clean(String(id)) || undefined
