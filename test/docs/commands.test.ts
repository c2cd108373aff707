/** The program’s help, README and the guides agree on what commands and settings there are. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { VARIABLES } from '../../collector/config.ts'

const ROOT = join(import.meta.dirname, '../..')
const text = (path: string): string => readFileSync(join(ROOT, path), 'utf8')
const run = (...words: readonly string[]): string =>
  execFileSync(process.execPath, [join(ROOT, 'collector/bin.js'), ...words], { encoding: 'utf8', timeout: 30_000 })
const help = run('--help')
const namesIn = (source: string, pattern: RegExp): readonly string[] =>
  [...new Set([...source.matchAll(pattern)].map(([, name]) => name!))].toSorted()

const COMMANDS = namesIn(help, /^ {2}leadlight ([a-z-]+)/gm)
const tableUnder = (heading: string): string => text('README.md').split(`\n## ${heading}\n`)[1]!.split('\n## ')[0]!

it('README tells of every command in the help, and of no other', () => {
  expect(namesIn(tableUnder('Commands'), /^\| `([a-z-]+)` \|/gm)).toEqual(COMMANDS)
  expect(COMMANDS.length).toBeGreaterThan(5)
})

const GUIDES = ['README.md', 'CONTRIBUTING.md', ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)]

it.each(GUIDES.filter((path) => path.endsWith('.md')))('%s names no command that is not there', (path) => {
  const named = namesIn(text(path), /(?:npx|`)\s?leadlight ([a-z-]+)/g)
  expect(named.filter((name) => !COMMANDS.includes(name))).toEqual([])
})

it.each(['serve', 'doctor', 'backup'])('%s --help tells of it, and does nothing', (command) => {
  const told = run(command, '--help')
  expect(told).toContain(`leadlight ${command} `)
  expect(help).toContain(told)
})

it('help and README name every setting that is read, and no other', () => {
  const settings = VARIABLES.filter((name) => name !== 'NODE_ENV').toSorted()
  expect(namesIn(help.split('Settings are')[1]!, /\b([A-Z]+(?:_[A-Z]+)+|PORT|HOST)\b/g)).toEqual(settings)
  const rows = namesIn(tableUnder('Settings'), /^\| (`[^|]+) \|/gm).join()
  expect(namesIn(rows, /`([A-Z_]+)`/g)).toEqual(settings)
})
