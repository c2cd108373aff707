/** Public test data, which lies beside the repository and not in it. */
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'

const FOLDERS = ['../shared/data', '../../shared/data', 'shared/data']

/** The path of a file of the test data; undefined, with a word on the console, where there is none. */
export const dataFile = (name: string): string | undefined => {
  const found = FOLDERS.map((folder) => resolve(folder, name)).find((path) => existsSync(path))
  if (!found) console.warn(`SKIPPED: test data ${name} is in none of ${FOLDERS.join(', ')}`)
  return found
}

export const jsonLines = (path: string | undefined): readonly Record<string, unknown>[] =>
  path
    ? readFileSync(path, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : []

export const jsonFile = (path: string | undefined): unknown => (path ? JSON.parse(readFileSync(path, 'utf8')) : [])

const BLOCK = 512

const textAt = (tar: Buffer, offset: number, length: number) =>
  tar
    .subarray(offset, offset + length)
    .toString('latin1')
    .replace(/\0.*$/s, '')

/** The plain files of a tar.gz, by name. */
export const untar = (path: string | undefined): ReadonlyMap<string, Buffer> => {
  const files = new Map<string, Buffer>()
  if (!path) return files
  const tar = gunzipSync(readFileSync(path))
  for (let offset = 0; offset + BLOCK <= tar.length && tar[offset] !== 0; ) {
    const size = Number.parseInt(textAt(tar, offset + 124, 12), 8)
    const isFile = '0\0'.includes(String.fromCharCode(tar[offset + 156] ?? 0))
    if (isFile) files.set(textAt(tar, offset, 100), tar.subarray(offset + BLOCK, offset + BLOCK + size))
    offset += BLOCK * (1 + Math.ceil(size / BLOCK))
  }
  return files
}
