/**
 * The file beside the database that remembers the erased: a key, and under it a hash of each of their names. It outlives
 * a restored backup, and tells nobody who they were.
 */
import { createHmac, randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import type { NameKind } from '../../shared/identity.ts'

/** A name of somebody on a site; `id` is ours. */
export interface SiteName {
  readonly site: string
  readonly kind: NameKind | 'id'
  readonly value: string
}

export interface ErasedFile {
  /** The hash that stands for a name. Without the key of this file, guesses cannot be tried. */
  readonly markOf: (name: SiteName) => string
  readonly marks: () => ReadonlySet<string>
  /** On disk when it returns. */
  readonly add: (marks: Iterable<string>) => void
}

/** Makes the file, readable by its owner only, where there is none. `given`: the key, where that is kept elsewhere. */
export const openErasedFile = (databasePath: string, given?: Buffer): ErasedFile => {
  const path = `${databasePath}.erased`
  if (!existsSync(path)) append(path, given ? '' : `key ${randomBytes(32).toString('hex')}\n`)
  const text = readFileSync(path, 'utf8')
  const key = given ?? Buffer.from(linesOf(text, 'key')[0] ?? '', 'hex')
  if (key.length === 0) throw new Error(`${path} has lost its key. Restore it from a backup of the data folder.`)
  const marks = new Set(linesOf(text, 'mark'))
  return {
    markOf: createMarkOf(key),
    marks: () => marks,
    add: (more) => {
      const fresh = [...new Set(more)].filter((mark) => !marks.has(mark))
      if (fresh.length === 0) return
      // A line that a crash has cut off must not spoil the next one.
      append(path, `\n${fresh.map((mark) => `mark ${mark}\n`).join('')}`)
      for (const mark of fresh) marks.add(mark)
    },
  }
}

/** The hash that stands for a name, under a key. */
export const createMarkOf =
  (key: Buffer): ErasedFile['markOf'] =>
  ({ site, kind, value }) =>
    createHmac('sha256', key)
      .update([site, kind, kind === 'email' ? value.toLowerCase() : value].join('\0'))
      .digest('hex')

const linesOf = (text: string, word: 'key' | 'mark'): readonly string[] =>
  [...text.matchAll(new RegExp(`^${word} ([0-9a-f]{64})$`, 'gm'))].map(([, hex]) => hex!)

const append = (path: string, text: string): void => {
  const file = openSync(path, 'a', 0o600)
  try {
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
