/** `npm start`, as a supervisor sees it: it comes up with all that it promises to print, and goes down whole. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')

const isUp = (url: string): Promise<boolean> =>
  fetch(`${url}/healthz`).then(
    ({ ok }) => ok,
    () => false,
  )

// Windows has no such signal, and no shell in between.
it.skipIf(process.platform === 'win32')(
  'ends with npm, though npm’s shell passes no signal on',
  { timeout: 60_000 },
  async () => {
    const home = mkdtempSync(join(tmpdir(), 'leadlight-'))
    const env = { ...process.env, PORT: '0', DATABASE_URL: `file:${join(home, 'leadlight.db')}` }
    const npm = spawn('npm', ['start'], { cwd: ROOT, env })
    let output = ''
    npm.stdout.on('data', (text) => (output += text))
    await expect.poll(() => output, { timeout: 40_000 }).toContain('</script>')
    const url = /running at (\S+)/.exec(output)![1]!
    expect(output).toMatch(/Dashboard +http:\S+\/signin\?token=\S{20}/)
    expect(output).toContain(`Demo site    ${url}/demo/`)
    expect(output).toContain(`Admin token  in ${join(home, 'admin-token')}`)
    expect(await isUp(url)).toBe(true)
    npm.kill('SIGTERM')
    await expect.poll(() => isUp(url), { timeout: 15_000 }).toBe(false)
    rmSync(home, { recursive: true, force: true })
  },
)
