/** A start that cannot be: what the real program says of it, and with what it ends. */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'leadlight-'))
afterAll(() => rmSync(folder, { recursive: true }))
const BIN = join(import.meta.dirname, '../../collector/bin.js')

const start = (DATABASE_URL: string): Promise<{ stderr: string }> =>
  promisify(execFile)(process.execPath, [BIN, 'serve'], { env: { PORT: '0', DATABASE_URL }, timeout: 20_000 })

it('a folder that cannot be written is told with the cure', async () => {
  writeFileSync(join(folder, 'file'), '')
  await expect(start(`file:${folder}/file/leadlight.db`)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^\S+file cannot be written .* or set DATABASE_URL to another folder\.\n$/),
  })
})

it('an admin token that cannot be read is told with the cure', async () => {
  mkdirSync(join(folder, 'kept', 'admin-token'), { recursive: true })
  await expect(start(`file:${folder}/kept/leadlight.db`)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^\S+admin-token cannot be read .* or set LEADLIGHT_TOKEN\.\n$/),
  })
})
