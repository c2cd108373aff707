/**
 * JSON values in few bytes: words by number, times as distances, random ids as the bits they stand for, and a text that
 * came before as its place. What a database holds was written so: a tag keeps its meaning for ever. Over 150 lines, for
 * writing and reading are two sides of one table.
 */
import type { Json } from '../../shared/event.ts'
import { WORDS } from './compact-words.ts'

/** Texts that many share, by number. */
export interface Terms {
  readonly numberOf: (text: string) => number | undefined
  readonly textOf: (n: number) => string
}

/** What can be written: JSON, and undefined for a field that is not there. */
export type Compactable = Json | undefined | readonly Compactable[] | { readonly [key: string]: Compactable }

const WORD_NUMBERS = new Map(WORDS.map((word, n) => [word, n]))
const SMALL = 64
const SHORT = 16
const TAG = {
  word: 64, // one byte tells the tag, a second one the word
  null: 65,
  true: 66,
  false: 67,
  time: 68, // a whole number, as its distance from the base
  whole: 69,
  tenths: 70,
  double: 71,
  text: 72,
  hex: 73,
  base64: 74,
  uuid: 75,
  again: 76, // a text that came before, counted from the first
  term: 77,
  list: 78,
  table: 79,
  shortList: 80, // … to 95: the length is in the tag
  shortTable: 96, // … to 111
  timeAgain: 112, // a time that came before, counted from the first
  base36: 113,
  begun: 114, // a text that begins as one that came before: which one, how much of it, and the rest
  word0: 128, // … to 255: the first words take one byte
} as const

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const UUID_LENGTH = 36
/** Of texts that stand for random bits. */
const [SHORTEST, LONGEST] = [8, 128]
/** What two random texts have in common when one was made from the other, at least; and what can follow on it. */
const [STEM, REST] = [8, 16]
const [IS_ASCII, IS_BASE64, IS_BASE36, IS_HEX] = [0, 1, 2, 3]
const HEX_DIGITS = '0123456789abcdef'
/** Digits of base 36 that are written as one number, and the bytes that so many take. */
const CHUNK = 9
const CHUNK_BYTES = [0, 1, 2, 2, 3, 4, 4, 5, 6, 6] as const
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const KINDS = new Uint8Array(128)
const VALUES = new Uint8Array(128)
const HEX_VALUES = new Uint8Array(128)
const BASE36_VALUES = new Uint8Array(128)
for (const [n, digit] of [...DIGITS].entries()) {
  KINDS[digit.charCodeAt(0)] = IS_BASE64
  VALUES[digit.charCodeAt(0)] = n
}
for (let n = 0; n < 36; n += 1) {
  KINDS[n.toString(36).charCodeAt(0)] = IS_BASE36
  BASE36_VALUES[n.toString(36).charCodeAt(0)] = n
}
for (const [n, digit] of [...HEX_DIGITS].entries()) {
  KINDS[digit.charCodeAt(0)] = IS_HEX
  HEX_VALUES[digit.charCodeAt(0)] = n
}
/** Bytes that a character of a text takes at most, and a number with its tag. */
const WIDEST = 3
const ROOM = 16

let out = Buffer.allocUnsafe(64 * 1024)
let end = 0
let base = 0
let told: Terms | undefined
let before = new Map<string, number>()
/** The last random text of each beginning. */
let stems = new Map<string, string>()
let timesBefore = new Map<number, number>()

const makeRoom = (bytes: number): void => {
  if (end + bytes <= out.length) return
  const wider = Buffer.allocUnsafe(2 * (end + bytes))
  out.copy(wider, 0, 0, end)
  out = wider
}

/** Seven bits to a byte, the lowest first; up to 2^53. */
const putCount = (value: number): void => {
  let rest = value
  while (rest >= 128) {
    out[end++] = (rest % 128) + 128
    rest = Math.floor(rest / 128)
  }
  out[end++] = rest
}

const putSigned = (value: number): void => putCount(value < 0 ? -2 * value - 1 : 2 * value)

const isNear = (value: number): boolean => Number.isInteger(value) && Math.abs(value) < 2 ** 51

const putNumber = (value: number): void => {
  makeRoom(ROOM)
  if (value >= 0 && value < SMALL && Number.isInteger(value) && !Object.is(value, -0)) out[end++] = value
  else if (value > 1e11 && isNear(value)) putTime(value)
  else if (isNear(value) && value !== 0) putTagged(TAG.whole, value)
  else if (isNear(value * 10) && Math.round(value * 10) / 10 === value && value !== 0)
    putTagged(TAG.tenths, Math.round(value * 10))
  else {
    out[end++] = TAG.double
    end = out.writeDoubleLE(value, end)
  }
}

const putTime = (time: number): void => {
  const earlier = timesBefore.get(time)
  if (earlier !== undefined) {
    out[end++] = TAG.timeAgain
    return putCount(earlier)
  }
  timesBefore.set(time, timesBefore.size)
  putTagged(TAG.time, time - base)
}

const putTagged = (tag: number, value: number): void => {
  out[end++] = tag
  putSigned(value)
}

const putText = (text: string): void => {
  makeRoom(WIDEST * text.length + ROOM)
  const word = WORD_NUMBERS.get(text)
  if (word !== undefined) {
    if (word >= 128) out[end++] = TAG.word
    out[end++] = word < 128 ? TAG.word0 + word : word - 128
    return
  }
  const earlier = before.get(text)
  if (earlier !== undefined) {
    out[end++] = TAG.again
    return putCount(earlier)
  }
  const kind = text.length >= SHORTEST && text.length <= LONGEST ? kindOf(text) : IS_ASCII
  const isSome = kind > IS_ASCII && isRandom(text)
  const isBegun = isSome && putBegun(text)
  before.set(text, before.size)
  if (isBegun) return
  const term = isSome ? undefined : told?.numberOf(text)
  if (term !== undefined) {
    out[end++] = TAG.term
    return putCount(term)
  }
  putBits(text, kind)
}

/** Nobody shares such a text: to ask for it, and to remember that it was seen, would be in vain. */
const isRandom = (text: string): boolean => text.length >= 12 && /\d/.test(text)

/** An event's id is that of its view, with a number after it. */
const putBegun = (text: string): boolean => {
  const stem = text.slice(0, STEM)
  const other = stems.get(stem)
  stems.set(stem, text)
  if (other === undefined) return false
  let same = STEM
  while (same < text.length && text[same] === other[same]) same += 1
  if (text.length - same > REST) return false
  out[end++] = TAG.begun
  putCount(before.get(other)!)
  putCount(same)
  putRest(text.slice(same))
  return true
}

const putRest = (text: string): void => {
  putCount(text.length)
  end += out.write(text, end, 'latin1')
}

const putBits = (text: string, kind: number): void => {
  const { length } = text
  if (length === UUID_LENGTH && UUID.test(text)) {
    out[end++] = TAG.uuid
    packHex(text.replaceAll('-', ''))
    return
  }
  if (kind === IS_HEX && length % 2 === 0) {
    out[end++] = TAG.hex
    putCount(length >> 1)
    packHex(text)
  } else if (kind >= IS_BASE36) {
    out[end++] = TAG.base36
    putCount(length)
    packBase36(text)
  } else if (kind === IS_BASE64) {
    out[end++] = TAG.base64
    putCount(length)
    packBase64(text)
  } else putPlain(text)
}

const putPlain = (text: string): void => {
  out[end++] = TAG.text
  putCount(Buffer.byteLength(text))
  end += out.write(text, end, 'utf8')
}

/** What all characters of a text have in common. */
const kindOf = (text: string): number => {
  let kind: number = IS_HEX
  for (let i = 0; i < text.length && kind > IS_ASCII; i += 1) {
    const code = text.charCodeAt(i)
    const one = code < 128 ? KINDS[code]! : IS_ASCII
    if (one < kind) kind = one
  }
  return kind
}

const packHex = (text: string): void => {
  for (let i = 0; i < text.length; i += 2)
    out[end++] = (HEX_VALUES[text.charCodeAt(i)]! << 4) | HEX_VALUES[text.charCodeAt(i + 1)]!
}

const packBase36 = (text: string): void => {
  for (let from = 0; from < text.length; from += CHUNK) {
    const to = Math.min(from + CHUNK, text.length)
    let value = 0
    for (let i = from; i < to; i += 1) value = value * 36 + BASE36_VALUES[text.charCodeAt(i)]!
    for (let left = CHUNK_BYTES[to - from]!; left > 0; left -= 1) {
      out[end++] = value % 256
      value = Math.floor(value / 256)
    }
  }
}

const packBase64 = (text: string): void => {
  let bits = 0
  let held = 0
  for (let i = 0; i < text.length; i += 1) {
    held = ((held << 6) | VALUES[text.charCodeAt(i)]!) & 0xffff
    bits += 6
    if (bits < 8) continue
    bits -= 8
    out[end++] = (held >> bits) & 255
  }
  if (bits > 0) out[end++] = (held << (8 - bits)) & 255
}

const putLength = (short: number, long: number, length: number): void => {
  makeRoom(ROOM)
  if (length < SHORT) out[end++] = short + length
  else {
    out[end++] = long
    putCount(length)
  }
}

const put = (value: Compactable): void => {
  if (typeof value === 'string') putText(value)
  else if (typeof value === 'number') putNumber(value)
  else if (value === null || typeof value !== 'object') {
    makeRoom(ROOM)
    out[end++] = value === true ? TAG.true : value === false ? TAG.false : TAG.null
  } else if (Array.isArray(value)) {
    putLength(TAG.shortList, TAG.list, value.length)
    for (const each of value) put(each)
  } else putTable(value as { readonly [key: string]: Compactable })
}

const putTable = (table: { readonly [key: string]: Compactable }): void => {
  const keys = Object.keys(table)
  let length = keys.length
  for (const key of keys) if (table[key] === undefined) length -= 1
  putLength(TAG.shortTable, TAG.table, length)
  for (const key of keys) {
    const value = table[key]
    if (value === undefined) continue
    putText(key)
    put(value)
  }
}

/** `near` is a time that others in the value are near to. */
export const toCompact = (value: Compactable, near: number, terms?: Terms): Buffer => {
  end = 0
  base = isNear(near) && near > 0 ? near : 0
  told = terms
  before = new Map()
  stems = new Map()
  timesBefore = new Map()
  makeRoom(ROOM)
  putCount(base)
  put(value)
  return Buffer.from(out.subarray(0, end))
}

let bytes: Uint8Array = out
let view: Buffer = out
let at = 0
let texts: string[] = []
let times: number[] = []

const count = (): number => {
  let value = 0
  let scale = 1
  for (let byte = bytes[at++]!; ; byte = bytes[at++]!) {
    value += (byte & 127) * scale
    if (byte < 128) return value
    scale *= 128
  }
}

const signed = (): number => {
  const value = count()
  return value % 2 ? -(value + 1) / 2 : value / 2
}

const span = (length: number, encoding: 'hex' | 'base64url' | 'utf8'): string => {
  at += length
  return view.toString(encoding, at - length, at)
}

const remembered = (text: string): string => {
  texts.push(text)
  return text
}

const uuid = (): string => {
  const hex = span(16, 'hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

const base64 = (): string => {
  const length = count()
  return span(Math.ceil((length * 6) / 8), 'base64url').slice(0, length)
}

const base36 = (): string => {
  let text = ''
  for (let left = count(); left > 0; left -= CHUNK) {
    const digits = Math.min(CHUNK, left)
    const size = CHUNK_BYTES[digits]!
    text += view.readUIntLE(at, size).toString(36).padStart(digits, '0')
    at += size
  }
  return text
}

const begun = (): string => {
  const other = texts[count()]!
  return other.slice(0, count()) + span(count(), 'utf8')
}

const double = (): number => {
  at += 8
  return view.readDoubleLE(at - 8)
}

const list = (length: number): Json => {
  const made: Json[] = []
  for (let i = 0; i < length; i += 1) made.push(read())
  return made
}

const table = (length: number): Json => {
  const made: Record<string, Json> = {}
  for (let i = 0; i < length; i += 1) {
    const key = read() as string
    const value = read()
    if (key === '__proto__') Object.defineProperty(made, key, { value, enumerable: true, writable: true })
    else made[key] = value
  }
  return made
}

const read = (): Json => {
  const tag = bytes[at++]!
  if (tag < SMALL) return tag
  if (tag >= TAG.word0) return WORDS[tag - TAG.word0]!
  if (tag >= TAG.shortList && tag < TAG.timeAgain)
    return tag >= TAG.shortTable ? table(tag - TAG.shortTable) : list(tag - TAG.shortList)
  switch (tag) {
    case TAG.null:
      return null
    case TAG.true:
      return true
    case TAG.false:
      return false
    case TAG.list:
      return list(count())
    case TAG.table:
      return table(count())
    default:
      return numberOf(tag) ?? textOf(tag)
  }
}

const numberOf = (tag: number): number | undefined => {
  switch (tag) {
    case TAG.time:
      times.push(base + signed())
      return times.at(-1)
    case TAG.timeAgain:
      return times[count()]
    case TAG.whole:
      return signed()
    case TAG.tenths:
      return signed() / 10
    case TAG.double:
      return double()
    default:
      return undefined
  }
}

const textOf = (tag: number): string => {
  switch (tag) {
    case TAG.word:
      return WORDS[128 + bytes[at++]!]!
    case TAG.text:
      return remembered(span(count(), 'utf8'))
    case TAG.hex:
      return remembered(span(count(), 'hex'))
    case TAG.base64:
      return remembered(base64())
    case TAG.base36:
      return remembered(base36())
    case TAG.uuid:
      return remembered(uuid())
    case TAG.begun:
      return remembered(begun())
    case TAG.again:
      return texts[count()]!
    case TAG.term:
      return remembered(told!.textOf(count()))
    default:
      throw new Error(`A stored value holds the tag ${tag}, which this version does not know.`)
  }
}

export const fromCompact = (stored: Buffer, terms?: Terms): Json => {
  view = stored
  bytes = stored
  at = 0
  told = terms
  texts = []
  times = []
  base = count()
  return read()
}
