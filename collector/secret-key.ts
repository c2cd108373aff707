/** The secret that seals other secrets: from the environment, or made once and kept where only its owner can read it. */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Config } from './config.ts'

export const secretOf = ({ secret, path }: Pick<Config, 'secret' | 'path'>): string => {
  if (secret !== undefined) return secret
  const file = join(dirname(path), 'secret-key')
  if (!existsSync(file)) writeFileSync(file, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' })
  return readFileSync(file, 'utf8').trim()
}
