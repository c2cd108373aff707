/** The floor plan, held against the real files: who may import whom, and how a file looks. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '..')
const ROOMS = ['shared', 'snippet', 'collector', 'demo', 'bench', 'test'] as const

const list = (room: string): readonly string[] =>
  readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' })
    .map((path) => posix.join(room, path.replaceAll('\\', '/')))
    .filter((path) => /\.(ts|tsx|mjs|js)$/.test(path) && !path.includes('demo/site/'))
const FILES: readonly string[] = [...ROOMS.flatMap(list), 'build.mjs', 'vitest.config.ts']
const SOURCES = FILES.filter((path) => !path.startsWith('test/'))
const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

/** The code alone: no comments; strings and patterns that hold quotes are told apart well enough by their line. */
const codeOf = (path: string): string =>
  textOf(path)
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/(^|\s)\/\/.*$/gm, '$1')

interface Import {
  readonly target: string
  /** Nothing of it is left when the program runs. */
  readonly isType: boolean
}

const STATEMENT = /^(import|export)\b([^'"`;]*?)\bfrom\s+['"]([^'"]+)['"]|^import\s+['"]([^'"]+)['"]/gm
const DYNAMIC = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g
const WORKER = /new URL\(['"](\.[^'"]+\.ts)['"], import\.meta\.url\)/g

const isTypeOnly = (clause: string): boolean => {
  if (/^\s*type\b/.test(clause)) return true
  const names = /^\s*\{([^}]*)\}\s*$/.exec(clause)?.[1]
  return names?.split(',').every((name) => name.trim() === '' || /^\s*type\s/.test(name)) ?? false
}

const resolve = (path: string, target: string): string =>
  target.startsWith('.') ? posix.join(posix.dirname(path), target) : target

const importsOf = (path: string): readonly Import[] => {
  const code = codeOf(path)
  return [
    ...[...code.matchAll(STATEMENT)].map(([, , clause = '', named, bare]) => ({
      target: resolve(path, (named ?? bare)!),
      isType: named !== undefined && isTypeOnly(clause),
    })),
    ...[...code.matchAll(DYNAMIC)].map(([whole, target]) => ({
      target: resolve(path, target!),
      // `import('x').Type` in the place of a type.
      isType: new RegExp(`${whole.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')}\\.[A-Z]`).test(code),
    })),
    ...[...code.matchAll(WORKER)].map(([, target]) => ({ target: resolve(path, target!), isType: false })),
  ].filter(({ target }) => !target.endsWith('.css'))
}

interface Row {
  readonly room: RegExp
  readonly may: RegExp
  /** What it may know the types of. */
  readonly knows?: RegExp
}

/** What each room may import. The first row that fits a file decides. */
const TABLE: readonly Row[] = [
  { room: /^shared\//, may: /^(shared\/|zod$)/ },
  { room: /^snippet\//, may: /^snippet\//, knows: /^shared\// },
  { room: /^collector\/ingest\//, may: /^(collector\/ingest\/|shared\/|zod$|isbot$)/ },
  { room: /^collector\/store\/(store|engine|migrations)\.ts$/, may: /^$/, knows: /^(shared\/|collector\/store\/)/ },
  { room: /^collector\/store\//, may: /^(collector\/store\/|shared\/|better-sqlite3$|postgres$|node:)/ },
  {
    room: /^collector\/(circumstances|entrance|intake|raw-body|salvage|throttle)\.ts$/,
    may: /^(collector\/(ingest\/|(circumstances|entrance|raw-body|salvage|throttle)\.ts$)|shared\/)/,
    knows: /^collector\/store\/store\.ts$/,
  },
  {
    room: /^collector\/outbox\//,
    may: /^(collector\/outbox\/|shared\/|ipaddr\.js$|standardwebhooks$|zod$|node:)/,
    knows: /^collector\/store\/store\.ts$/,
  },
  {
    room: /^collector\/(sample-lead|seal|secret-key|webhooks)\.ts$/,
    may: /^(collector\/outbox\/|shared\/|node:)/,
    knows: /^collector\/(config|edition|seal|store\/store)\.ts$/,
  },
  {
    room: /^collector\/(access|accounts|admission|commons|directory|dossiers|edition|editions|folds|jobs|key-use|ledgers|live|log|mail|mailboxes|profiles|public-origin|reports|unavailable)\.ts$/,
    may: /^(collector\/(admission|edition|folds|ledgers|mail|mailboxes|profiles)\.ts$|shared\/|node:(crypto|timers\/promises|url)$|tldts$)/,
    knows: /^collector\/(access|editions|entrance|store\/(engine|store))\.ts$/,
  },
  { room: /^collector\/address\.ts$/, may: /^(ipaddr\.js|node:net)$/ },
  { room: /^collector\/throttle\.ts$/, may: /^collector\/ingest\/recent\.ts$/ },
  {
    room: /^collector\/callers\.ts$/,
    may: /^collector\/address\.ts$/,
    knows: /^collector\/(strangers|throttle)\.ts$/,
  },
  { room: /^collector\/strangers\.ts$/, may: /^node:crypto$/ },
  { room: /^collector\/gate\.ts$/, may: /^$/ },
  { room: /^collector\/seed\.ts$/, may: /^$/, knows: /^(shared\/model|collector\/store\/(engine|store))\.ts$/ },
  { room: /^collector\/outage-log\.ts$/, may: /^$/, knows: /^collector\/log\.ts$/ },
  { room: /^collector\/draft\.ts$/, may: /^(shared\/|zod$)/, knows: /^collector\/store\/store\.ts$/ },
  {
    room: /^collector\/(ends|erasures|publish|retention|simulate|simulator|simulator-thread)\.ts$/,
    may: /^(collector\/(edition|ends|publish|simulate|simulator|store\/[^/]+|open-store)\.ts$|shared\/|node:worker_threads$)/,
  },
  {
    room: /^collector\/sample\.ts$/,
    may: /^(collector\/admission\.ts|demo\/sample\/history\.ts|node:crypto)$/,
    knows: /^collector\/(raw-body|writer|store\/store)\.ts$/,
  },
  { room: /^collector\/command\//, may: /^(collector\/command\/|shared\/|node:|zod$)/ },
  {
    room: /^collector\/writer\.ts$/,
    may: /^(collector\/(intake|admission|edition|folds|key-use|log|open-store|outage-log|raw-body|seed|store\/failure)\.ts$|shared\/|node:)/,
    knows: /^collector\/store\/(engine|store)\.ts$/,
  },
  {
    room: /^collector\/sqlite-store\.ts$/,
    may: /^(collector\/(checkpointer-thread|commons|erasures|publish|retention|store\/[^/]+)\.ts$|node:)/,
  },
  { room: /^collector\/postgres-store\.ts$/, may: /^(collector\/(seal|store\/[^/]+)\.ts$|node:)/ },
  {
    room: /^collector\/open-store\.ts$/,
    may: /^collector\/(sqlite|postgres)-store\.ts$/,
    knows: /^collector\/store\/engine\.ts$/,
  },
  { room: /^collector\/checkpointer\.ts$/, may: /^(collector\/store\/sqlite-checkpoints\.ts|node:worker_threads)$/ },
  { room: /^collector\/checkpointer-thread\.ts$/, may: /^(collector\/checkpointer\.ts|node:worker_threads)$/ },
  {
    room: /^collector\/writer-thread\.ts$/,
    may: /^(collector\/(gate|open-store|raw-body|unavailable|writer|store\/failure)\.ts$|node:worker_threads$)/,
  },
  {
    room: /^collector\/routes\//,
    may: /^(collector\/(routes\/.+|access|accounts|admission|dossiers|draft|ingest\/(limits|own-traffic)|outbox\/receiver|store\/store)\.ts$|shared\/|demo\/site\.ts$|hono(\/|$)|zod$|csv-stringify\/sync$|node:)/,
    knows: /^collector\/[^/]+\.ts$/,
  },
  { room: /^collector\/app\.ts$/, may: /^(collector\/(routes\/.+|access|public-origin|unavailable)\.ts$|hono(\/|$))/ },
  { room: /^collector\/config\.ts$/, may: /^(collector\/log\.ts|zod)$/ },
  {
    room: /^collector\/metrics\.ts$/,
    may: /^prom-client$/,
    knows: /^collector\/(raw-body|store\/(engine|store))\.ts$/,
  },
  { room: /^collector\/model-file\.ts$/, may: /^(collector\/config\.ts|shared\/|node:)/ },
  {
    room: /^collector\/reading\.ts$/,
    may: /^collector\/(accounts|live|metrics|profiles|reports)\.ts$/,
    knows: /^collector\/(editions|writer-thread|store\/(engine|store))\.ts$/,
  },
  {
    room: /^collector\/handoff\.ts$/,
    may: /^collector\/(outbox\/.+|seal|secret-key|webhooks)\.ts$/,
    knows: /^collector\/(config|store\/store)\.ts$/,
  },
  { room: /^collector\/http\.ts$/, may: /^(collector\/config\.ts|@hono\/node-server|node:http)$/ },
  { room: /^collector\/serve\.ts$/, may: /^(collector\/(?!dashboard|ingest|cli)|shared\/|node:)/ },
  {
    room: /^collector\/(cli\.ts|bin\.js)$/,
    may: /^(collector\/(config|log|open-store|seal|secret-key|serve|cli|command\/[^/]+|store\/(failure|move|sqlite-backup))\.ts$|build\.mjs$|node:)/,
  },
  {
    room: /^collector\/dashboard\//,
    // Of the core it runs two small files that import nothing: what a search and an address mean.
    may: /^(collector\/dashboard\/|shared\/(lexicon|page-rule)\.ts$|preact(\/|$)|@preact\/signals$|@tanstack\/virtual-core$)/,
    knows: /^shared\//,
  },
  { room: /^demo\//, may: /^(demo\/|node:)/ },
  { room: /^(bench\/|build\.mjs$|vitest\.config\.ts$)/, may: /./ },
]
const isLetIn = ({ may, knows }: Row, { target, isType }: Import): boolean =>
  may.test(target) || (isType && knows?.test(target) === true)

describe('imports', () => {
  it.each(SOURCES)('%s imports only what its room may', (path) => {
    const row = TABLE.find(({ room }) => room.test(path))
    expect(row, 'its room is in the table').toBeDefined()
    const refused = importsOf(path).filter((each) => !isLetIn(row!, each))
    expect(refused.map(({ target, isType }) => (isType ? `type ${target}` : target))).toEqual([])
  })

  it('lead to files that are there', () => {
    const known = new Set(FILES)
    const own = FILES.flatMap(importsOf).filter(({ target }) => /^(shared|snippet|collector|demo)\//.test(target))
    expect(
      own.map(({ target }) => target).filter((target) => /\.(ts|tsx)$/.test(target) && !known.has(target)),
    ).toEqual([])
    expect(own.length).toBeGreaterThan(300)
  })

  it('go round in no circle, not even among types', () => {
    const edges = new Map(SOURCES.map((path) => [path, importsOf(path).map(({ target }) => target)]))
    const done = new Set<string>()
    const circleFrom = (path: string, way: readonly string[]): readonly string[] | undefined => {
      if (way.includes(path)) return [...way.slice(way.indexOf(path)), path]
      if (done.has(path)) return undefined
      for (const next of edges.get(path) ?? []) {
        const circle = circleFrom(next, [...way, path])
        if (circle) return circle
      }
      done.add(path)
      return undefined
    }
    for (const path of SOURCES) expect(circleFrom(path, [])?.join(' > ')).toBeUndefined()
  })

  it('are never passed on: a file exports what is its own, and at most the names of types', () => {
    expect(SOURCES.filter((path) => /^export\s+(\*|\{[^}]*\}|type\s+\*)\s*from\b/m.test(codeOf(path)))).toEqual([])
  })
})

describe('purity', () => {
  const offences = (paths: readonly string[], pattern: RegExp): readonly string[] =>
    paths.flatMap((path) =>
      codeOf(path)
        .split('\n')
        .flatMap((line, n) => (pattern.test(line.replace(/'[^']*'|`[^`$]*`/g, "''")) ? [`${path}:${n + 1}`] : [])),
    )
  const room = (pattern: RegExp) => SOURCES.filter((path) => pattern.test(path))

  it('shared/ has no clock, no dice, no page, no machine', () => {
    const impure =
      /\b(Date\.now|new Date\(\)|performance\.|Math\.random|crypto\.|window|document|navigator|localStorage|self|globalThis|process|console|fetch|setTimeout|setInterval|await|async)\b/
    expect(offences(room(/^shared\//), impure)).toEqual([])
  })

  it('ingest has no clock and no dice', () => {
    expect(offences(room(/^collector\/ingest\//), /\b(Date\.now|new Date\(\)|Math\.random|process\.)/)).toEqual([])
  })

  it('only the command line touches the process', () => {
    const others = room(/^(collector|shared|snippet)\//).filter((path) => !/^collector\/(cli\.ts|bin\.js)$/.test(path))
    expect(offences(others, /\bprocess\b/)).toEqual([])
  })

  it('nothing is of any type, and nothing a class but errors', () => {
    expect(offences(room(/\.tsx?$/), /(:|<|\bas|\|)\s*any\b|@ts-ignore|^(export )?(const )?enum\b/)).toEqual([])
    expect(offences(room(/\.tsx?$/), /^\s*(export\s+)?(abstract\s+)?class\s+\w+(?! extends Error\b)\b/)).toEqual([])
  })
})

describe('files', () => {
  it.each(FILES)('%s says in its first line what it is', (path) => {
    const [first = '', second = ''] = textOf(path)
      .split('\n')
      .filter((line) => !/^(#!|\/\/ @)/.test(line))
    expect(first).toMatch(/^\/\*\*( \S.*|)$/)
    expect(first + second).toMatch(/[A-Z`“]/)
  })

  it('are named after an idea', () => {
    const nameless = /(^|\/)(utils?|helpers?|common|types|constants|managers?|services?|misc|lib)(\.|\/)/
    expect(FILES.filter((path) => nameless.test(path))).toEqual([])
  })
})

describe('functions', () => {
  interface Shape {
    readonly at: string
    /** Without the functions within it. */
    readonly lines: number
  }

  /** A function begins where a line ends in `=> {`, and ends with the next brace below it: the formatter sees to that. */
  const functionsOf = (path: string): readonly Shape[] => {
    const lines = codeOf(path).split('\n')
    const indent = (n: number): string => /^ */.exec(lines[n]!)![0]
    const starts = lines.flatMap((line, n) =>
      /(=> |\) )\{$/.test(line) && !/^\s*(if|for|while|switch|\} else)\b/.test(line) ? [n] : [],
    )
    const spans = starts.map((start) => {
      const length = lines.slice(start + 1).findIndex((line) => line.startsWith(`${indent(start)}}`))
      return { start, end: start + 1 + length }
    })
    const isWithin = (inner: (typeof spans)[0], outer: (typeof spans)[0]) =>
      inner.start > outer.start && inner.end <= outer.end
    return spans.map((span) => {
      const inner = spans.filter((other) => isWithin(other, span))
      const direct = inner.filter((other) => !inner.some((between) => isWithin(other, between)))
      const nested = direct.reduce((sum, { start, end }) => sum + end - start + 1, 0)
      const own = lines.slice(span.start, span.end + 1).filter((line) => line.trim() !== '').length
      return { at: `${path}:${span.start + 1}`, lines: own - nested }
    })
  }

  /** Each returns one document, and does nothing. */
  const isPreset = (at: string): boolean => /^shared\/preset-\w+\.ts/.test(at)

  it('are no longer than a screen', () => {
    const long = SOURCES.flatMap(functionsOf).filter(({ at, lines }) => lines > 40 && !isPreset(at))
    expect(long.map(({ at, lines }) => `${at} ${lines} lines`)).toEqual([])
  })

  /** The text between a bracket and its partner. */
  const inBrackets = (code: string, start: number): string => {
    let depth = 0
    for (let n = start; n < code.length; n += 1) {
      if ('([{<'.includes(code[n]!)) depth += 1
      if (')]}'.includes(code[n]!) || (code[n] === '>' && code[n - 1] !== '=')) depth -= 1
      if (depth === 0) return code.slice(start + 1, n)
    }
    return ''
  }
  const countTopLevel = (parameters: string): number => {
    let depth = 0
    const commas = [...parameters.trim().replace(/,$/, '')].filter((character, n, all) => {
      if ('([{<'.includes(character)) depth += 1
      if (')]}'.includes(character) || (character === '>' && all[n - 1] !== '=')) depth -= 1
      return character === ',' && depth === 0
    })
    return parameters.trim() === '' ? 0 : commas.length + 1
  }

  /** Older than this test. None may join them. */
  const BESIDES = ['shared/settle.ts setFlag takes 4']

  it('take at most three things in a row', () => {
    const many = SOURCES.flatMap((path) => {
      const code = codeOf(path).replace(/'[^'\n]*'/g, "''")
      return [...code.matchAll(/\bconst (\w+)(?:: [^=\n]+)? = (?:async )?(?:<[^>]*>)?\(/g)].flatMap((match) => {
        const start = match.index + match[0].length - 1
        const parameters = inBrackets(code, start)
        const isFunction = /^\)(: [^\n]*?)? =>/.test(code.slice(start + 1 + parameters.length))
        const count = isFunction ? countTopLevel(parameters) : 0
        return count > 3 ? [`${path} ${match[1]} takes ${count}`] : []
      })
    })
    expect(many.filter((each) => !BESIDES.includes(each))).toEqual([])
  })
})
