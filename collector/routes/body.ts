/** Reads a request body that a stranger sent: bounded, inflated if need be, as text. */
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'
import type { Context } from 'hono'
import { LIMITS } from '../ingest/limits.ts'
import type { Fault } from './failure.ts'

const TOO_LARGE: Fault = { status: 413, code: 'too_large', message: `A body takes at most ${LIMITS.body} bytes.` }
const BAD_ENCODING: Fault = {
  status: 415,
  code: 'encoding',
  message: 'Content-Encoding takes gzip, deflate or br, and the body must be so.',
}

const BAD_JSON: Fault = { status: 400, code: 'bad_json', message: 'The body takes JSON.' }
/** What can be wrong with any body. */
export const UNREAD: readonly Fault[] = [BAD_JSON, TOO_LARGE, BAD_ENCODING]

export const BROKEN_OFF: Fault = { status: 400, code: 'broken_off', message: 'The body ended before its end.' }

const options = { maxOutputLength: LIMITS.body }
const INFLATERS = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
}

/** The body's text, or why it is not taken. Some SDKs send gzip and do not say so: it is told by its first bytes. */
export const readText = async (c: Context): Promise<string | Fault> => {
  // Who breaks off reads no answer; but it is no fault of ours either.
  const bytes = await readBytes(c).catch(() => BROKEN_OFF)
  return 'status' in bytes ? bytes : textFrom(bytes, c.req.header('content-encoding'))
}

/** The text that bytes hold, under what the request calls their encoding. */
export const textFrom = async (bytes: Buffer, called: string | undefined): Promise<string | Fault> => {
  const named = (called ?? 'identity').trim().toLowerCase()
  const encoding = isGzip(bytes) ? 'gzip' : named === 'gzip' || named === 'x-gzip' ? 'identity' : named
  if (encoding === 'identity' || encoding === '') return decode(bytes)
  if (!Object.hasOwn(INFLATERS, encoding)) return BAD_ENCODING
  try {
    return decode(await INFLATERS[encoding as keyof typeof INFLATERS](bytes, options))
  } catch (error) {
    return isTooLong(error) ? TOO_LARGE : BAD_ENCODING
  }
}

/** The body as JSON, undefined for none; or why it is not taken. */
export const readJson = async (c: Context): Promise<{ readonly json: unknown } | Fault> => {
  const text = await readText(c)
  if (typeof text !== 'string') return text
  try {
    return { json: text === '' ? undefined : JSON.parse(text) }
  } catch {
    return BAD_JSON
  }
}

const readBytes = async (c: Context): Promise<Buffer | Fault> => {
  if (Number(c.req.header('content-length') ?? 0) > LIMITS.body) return TOO_LARGE
  if (c.req.header('transfer-encoding') === undefined) return Buffer.from(await c.req.arrayBuffer())
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of c.req.raw.body ?? []) {
    size += chunk.length
    if (size > LIMITS.body) return TOO_LARGE
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const isGzip = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b
const decode = (bytes: Buffer): string => bytes.toString('utf8')
const isTooLong = (error: unknown): boolean =>
  error instanceof RangeError || (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE'
