/** A move from SQLite to PostgreSQL: all of it, whatever breaks it off, and everything goes on from where it was. */
import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEdition } from '../../collector/edition.ts'
import { createSeal } from '../../collector/seal.ts'
import { createMarkOf, openErasedFile } from '../../collector/store/erased-file.ts'
import { StoreError } from '../../collector/store/failure.ts'
import { type MoveOptions, move } from '../../collector/store/move.ts'
import { connect, migrate, type Sql } from '../../collector/store/postgres.ts'
import { createPostgresAudit } from '../../collector/store/postgres-audit.ts'
import { createPostgresLog } from '../../collector/store/postgres-log.ts'
import { createPostgresMarks } from '../../collector/store/postgres-marks.ts'
import { createPostgresModels } from '../../collector/store/postgres-models.ts'
import { createPostgresOutboxViews } from '../../collector/store/postgres-outbox.ts'
import { createPostgresSettings } from '../../collector/store/postgres-settings.ts'
import { markKey } from '../../collector/store/postgres-tombstone-key.ts'
import { createPostgresViews } from '../../collector/store/postgres-views.ts'
import { createRefusal } from '../../collector/store/refusal.ts'
import { openReader, openWriter } from '../../collector/store/sqlite.ts'
import { createSqliteAudit } from '../../collector/store/sqlite-audit.ts'
import { HEAD } from '../../collector/store/sqlite-log-sql.ts'
import { createSqliteModels } from '../../collector/store/sqlite-models.ts'
import { createSqliteOutboxViews } from '../../collector/store/sqlite-outbox.ts'
import { createSqliteSettings } from '../../collector/store/sqlite-settings.ts'
import { createSqliteViews } from '../../collector/store/sqlite-views.ts'
import { type EventLog, SORTS } from '../../collector/store/store.ts'
import { event, from } from '../contract/events.ts'
import { missing, startPostgres } from '../postgres.ts'
import { startCollector } from './collector.ts'
import { count, type KeptFile, keepMuch, SECRET } from './moved.ts'

const server = await startPostgres()
afterAll(() => server?.stop())
const seal = createSeal(SECRET)

const sidesOf = (path: string, sql: Sql) => {
  const db = openReader(path)
  return {
    file: {
      views: createSqliteViews(db),
      settings: createSqliteSettings(db),
      models: createSqliteModels(db),
      audit: createSqliteAudit(db),
      outbox: createSqliteOutboxViews(db),
    },
    database: {
      views: createPostgresViews(sql),
      settings: createPostgresSettings(sql),
      models: createPostgresModels(sql),
      audit: createPostgresAudit(sql),
      outbox: createPostgresOutboxViews(sql),
    },
    close: () => db.close(),
  }
}
type Side = ReturnType<typeof sidesOf>['file']

const inOrder = <Item>(items: readonly Item[]): readonly Item[] =>
  items.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))

/** All that anybody may be shown, in the same words for both. */
const everything = async ({ views, settings, models, audit, outbox }: Side, { people, path }: KeptFile) => {
  const key = count(path, 'SELECT max(heat) FROM visitor')
  const days = { from: 0, to: 100_000, closed: 20_700 }
  const kinds = ['step', 'pace', 'rank', 'origin', 'sight', 'signal', 'now', 'move'] as const
  const lists = []
  for (const sort of SORTS) lists.push(await views.visitors({ sort, limit: 1000 }))
  const persons = []
  for (const id of people) {
    const { parts, rejected } = await views.held(id)
    persons.push({
      visitor: await views.visitor(id),
      events: inOrder(await views.events(id)),
      transitions: inOrder(await views.transitions(id)),
      merges: await views.merges(id),
      messages: await views.messages(id),
      parts: parts.map((part) => ({ ...part, names: inOrder(part.names) })),
      rejected,
    })
  }
  const webhooks = await outbox.webhooks()
  const versions = await models.versions()
  return {
    lists,
    persons,
    log: await views.read(0, 100_000),
    changed: await views.changed(0, Number.MAX_SAFE_INTEGER, 1000),
    rejected: await views.rejected(1000),
    // A sum may be added up in any order.
    accounts: inOrder(await views.accounts({ key })).map((row) => ({ ...row, most: row.most.toFixed(9) })),
    counts: await Promise.all(
      kinds.flatMap((kind) =>
        ['default', 'other'].map(async (site) => inOrder(await views.aggregates({ kind, site, ...days }))),
      ),
    ),
    sites: await settings.sites(),
    keys: await settings.keys(),
    versions,
    documents: await Promise.all(versions.map(({ version }) => models.model(version))),
    audit: await audit.entries({ limit: 1000 }),
    webhooks,
    deliveries: await Promise.all(webhooks.map(({ id }) => outbox.deliveries({ webhook: id, limit: 1000 }))),
  }
}

const hashOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex')

const suite = server ? describe : describe.skip
suite(`a move to PostgreSQL ${missing}`, () => {
  let kept: KeptFile
  beforeAll(async () => {
    kept = await keepMuch()
  }, 120_000)
  afterAll(() => kept.remove())

  const options = (url: string, more: Partial<MoveOptions> = {}): MoveOptions => ({
    file: kept.path,
    url,
    seal,
    now: Date.now(),
    onProgress: () => undefined,
    ...more,
  })
  const opened = async <Result>(url: string, work: (sql: Sql) => Promise<Result>): Promise<Result> => {
    const sql = connect({ url, connections: 3, name: 'test' })
    try {
      return await work(sql)
    } finally {
      await sql.end()
    }
  }
  const expectSame = (url: string, path = kept.path): Promise<void> =>
    opened(url, async (sql) => {
      const { file, database, close } = sidesOf(path, sql)
      try {
        const [before, now] = [await everything(file, kept), await everything(database, kept)]
        for (const key of Object.keys(before) as (keyof typeof before)[]) expect(now[key], key).toEqual(before[key])
      } finally {
        close()
      }
    })

  it('has a file to move that holds something of everything', () => {
    const { path } = kept
    const tables = openReader(path)
    const names = tables.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).pluck().all() as string[]
    tables.close()
    expect(names.filter((name) => count(path, `SELECT count(*) FROM ${name}`) === 0)).toEqual([])
    expect(count(path, 'SELECT count(*) FROM visitor WHERE root IS NOT NULL')).toBeGreaterThan(1)
    expect(count(path, 'SELECT count(*) FROM merge WHERE undone IS NOT NULL')).toBe(1)
    expect(count(path, 'SELECT count(DISTINCT state) FROM model')).toBe(3)
    expect(count(path, 'SELECT count(DISTINCT state) FROM delivery')).toBeGreaterThan(1)
    expect(count(path, 'SELECT count(*) FROM term')).toBeGreaterThan(3)
  })

  it('brings over all that anybody may see, and leaves the file as it was', async () => {
    const before = hashOf(kept.path)
    const url = await server!.newDatabase()
    const { tables, visitors } = await move(options(url))
    expect(tables.filter(({ expected, found }) => expected !== found)).toEqual([])
    expect(tables.length).toBeGreaterThan(15)
    expect(visitors).toEqual({ compared: kept.people.length, differing: 0, differences: [] })
    await expectSame(url)
    expect(hashOf(kept.path)).toBe(before)
  })

  describe('lets everything go on', () => {
    let url: string
    beforeAll(async () => {
      url = await server!.newDatabase()
      await move(options(url))
    })

    /** A collector's log on what was moved. */
    const withLog = <Result>(work: (log: EventLog, sql: Sql) => Promise<Result>): Promise<Result> =>
      opened(url, async (sql) => {
        const marks = createPostgresMarks(
          sql,
          openErasedFile(join(mkdtempSync(join(tmpdir(), 'll-')), 'x'), await markKey(sql, seal)),
        )
        await marks.refresh()
        const edition = createEdition(await createPostgresModels(sql).published())
        let ids = 0
        const log = createPostgresLog(sql, {
          scoring: () => edition,
          refresh: async () => undefined,
          newId: () => {
            ids += 1
            return `new ${ids}`
          },
          now: Date.now,
          linkTo: () => undefined,
          report: () => undefined,
          refusals: { ...marks, isErased: createRefusal(marks) },
          lane: 1,
        })
        return work(log, sql)
      })
    const page = (id: string) => event('page', { id, at: Date.now(), view: id, signal: 'pricing', funnel: 'bofu' })

    it('an id that was in the log is known, whoever sends it, and one of an erased event too', async () => {
      const { kept: known, erased, expired } = kept.ids
      const entries = await opened(url, (sql) => createPostgresViews(sql).read(0, 100_000))
      const inLog = entries.flatMap(({ what }) => ('event' in what ? [what.event.id] : []))
      expect([known, erased, expired].map((id) => inLog.includes(id))).toEqual([true, false, false])
      const arriving = [known, erased, expired, 'another'].map((id) => from('somebody new', page(id)))
      const receipts = await withLog((log) => log.append(arriving, []))
      expect(receipts).toEqual(['duplicate', 'duplicate', 'duplicate', 'accepted'])
      const elsewhere = await withLog((log) => log.append([from('somebody new', page(known), 'other')], []))
      expect(elsewhere).toEqual(['accepted'])
    })

    it('what is new stands after all that is old, and what is known of somebody is added to', async () => {
      const head = count(kept.path, HEAD)
      const { before, after, entries, n } = await withLog(async (log, sql) => {
        const views = createPostgresViews(sql)
        const old = await views.visitor('p1', 'default')
        await log.append([from('p1', page('new 1')), from('never seen', page('new 2'))], [])
        const [row] = await sql<
          { n: number }[]
        >`SELECT n FROM visitor WHERE id = ${(await views.visitor('never seen'))!.id}`
        return {
          before: old,
          after: await views.visitor('p1', 'default'),
          entries: await views.read(head, 100),
          n: row!.n,
        }
      })
      expect(after!.id).toBe(before!.id)
      expect(after!.state.views).toBe(before!.state.views + 1)
      const told = entries.flatMap(({ what }) => ('event' in what ? [what.event.id] : []))
      expect(told).toEqual(expect.arrayContaining(['new 1', 'new 2']))
      expect(Math.floor(n / 1024)).toBeGreaterThan(count(kept.path, 'SELECT max(n) FROM visitor'))
    })

    it('somebody who was erased stays so', async () => {
      const isErased = await opened(url, async (sql) => {
        const markOf = createMarkOf(await markKey(sql, seal))
        const marks = new Set((await sql<{ mark: string }[]>`SELECT mark FROM tombstone`).map(({ mark }) => mark))
        return createRefusal({ marks: () => marks, markOf })
      })
      const told = (anonymous: string, email?: string) => isErased('default', { anonymous }, email)
      expect([told('p7'), told('x', 'P7@corp.example'), told('p1'), told('x', 'p1@corp.example')]).toEqual([
        true,
        true,
        false,
        false,
      ])
    })

    it('sites, entries of the audit and refusals get numbers that were never given', async () => {
      const next = await opened(url, async (sql) => {
        const [site] = await sql<{ n: number }[]>`
          INSERT INTO site (name, key, settings, created_at) SELECT 'new', 'new', settings, 0 FROM site LIMIT 1 RETURNING n`
        const [audit] = await sql<{ n: number }[]>`INSERT INTO audit (at, actor, action) VALUES (0, '', '') RETURNING n`
        const [rejected] = await sql<{ seq: number }[]>`
          INSERT INTO rejected (at, code, message) VALUES (0, '', '') RETURNING seq`
        return [site!.n, audit!.n, rejected!.seq]
      })
      expect(next).toEqual([
        count(kept.path, `SELECT seq FROM sqlite_sequence WHERE name = 'site'`) + 1,
        count(kept.path, 'SELECT max(n) FROM audit') + 1,
        count(kept.path, 'SELECT max(seq) FROM rejected') + 1,
      ])
    })

    it('a collector that is started on it shows them, and refuses what comes late of the erased', async () => {
      const collector = await startCollector({
        DATABASE_URL: url,
        LEADLIGHT_SECRET: SECRET,
        LEADLIGHT_DATA: mkdtempSync(join(tmpdir(), 'leadlight-')),
      })
      try {
        const call = (who: string) => ({ type: 'track', anonymousId: who, event: 'pricing', messageId: `late ${who}` })
        const { body } = await collector.admin('/v1/import', 'POST', { batch: [call('p7'), call('p8')] })
        expect(body).toMatchObject({ accepted: 1, rejected: [{ code: 'erased' }] })
        const { status } = await collector.admin('/api/visitors/p7?site=default')
        expect([status, (await collector.admin('/api/visitors/p8@corp.example')).status]).toEqual([404, 200])
      } finally {
        await collector.end()
      }
    })
  })

  describe('broken off', () => {
    it('at any slice goes on there when it is run again, and copies nothing twice', async () => {
      const url = await server!.newDatabase()
      const broken: string[] = []
      const done: string[] = []
      const failing = (): Promise<unknown> =>
        move(
          options(url, {
            slice: 60,
            onSlice: (table, step) => {
              const slice = `${table} ${step}`
              if (!broken.includes(slice)) {
                broken.push(slice)
                throw new Error('broken off')
              }
              done.push(slice)
            },
          }),
        )
      let result: unknown
      while (result === undefined)
        result = await failing().catch((error: Error) => {
          expect(error.message).toBe('broken off')
          return undefined
        })
      expect(broken.filter((slice) => slice.startsWith('event ')).length).toBeGreaterThan(2)
      expect(new Set(broken.map((slice) => slice.split(' ')[0])).size).toBeGreaterThan(15)
      expect(done).toEqual(broken)
      await expectSame(url)
    })

    it('by the connection goes on too, though nobody knows what became of the last commit', async () => {
      const url = await server!.newDatabase()
      let slices = 0
      const cutting = options(url, {
        onSlice: (_, step) => {
          slices += step
          if (slices === 6) throw Object.assign(new Error('cut'), { code: 'CONNECTION_CLOSED' })
        },
      })
      await expect(move(cutting)).rejects.toThrow('Run the same command again')
      await move(options(url))
      await expectSame(url)
    })

    it('by a kill of its process, whenever that is, goes on too', { timeout: 120_000 }, async () => {
      const url = await server!.newDatabase()
      const program = join(import.meta.dirname, '../../collector/bin.js')
      const env = {
        ...process.env,
        DATABASE_URL: url,
        LEADLIGHT_SECRET: SECRET,
        LEADLIGHT_DATA: mkdtempSync(kept.path),
      }
      const stepsDone = (sql: Sql): Promise<number> =>
        sql<{ done: number }[]>`SELECT coalesce(sum(step), 0)::integer AS done FROM move_progress`.then(
          ([row]) => row!.done,
          () => 0,
        )
      const kills: number[] = []
      await opened(url, async (sql) => {
        for (let code: number | null = null; code !== 0; ) {
          const child = spawn(process.execPath, [program, 'move', kept.path], { env, stdio: 'ignore' })
          const exited = once(child, 'exit') as Promise<[number | null]>
          let done = 0
          while (child.exitCode === null && kills.length < 6 && done <= (kills.at(-1) ?? 0)) {
            await setTimeout(2)
            done = await stepsDone(sql)
          }
          if (child.exitCode === null && kills.length < 6) {
            child.kill('SIGKILL')
            kills.push(done)
          }
          ;[code] = await exited
          expect([0, null]).toContain(code)
        }
      })
      expect(kills.length, 'it was killed while it copied').toBeGreaterThan(2)
      await expectSame(url)
    })

    it('keeps collectors away until it is finished', async () => {
      const url = await server!.newDatabase()
      const breaking = options(url, {
        onSlice: (table) => {
          if (table === 'event') throw new Error('broken off')
        },
      })
      await expect(move(breaking)).rejects.toThrow('broken off')
      await expect(opened(url, migrate)).rejects.toThrow('A move into this database is not finished')
      await move(options(url))
      await opened(url, migrate)
    })

    it('is not mixed with another file, nor with the same that was written to since', async () => {
      const url = await server!.newDatabase()
      const file = kept.copy('other.db')
      const breaking = {
        file,
        onSlice: (table: string) => {
          if (table === 'event') throw new Error('broken off')
        },
      }
      await expect(move(options(url, breaking))).rejects.toThrow('broken off')
      await expect(move(options(url))).rejects.toThrow('another file')
      const { db, close } = openWriter(file)
      db.prepare(`INSERT INTO audit (at, actor, action) VALUES (1, 'x', 'y')`).run()
      close()
      await expect(move(options(url, { file }))).rejects.toThrow('written to since')
    })
  })

  describe('is refused, with what to do,', () => {
    const refused = async (more: Partial<MoveOptions>): Promise<Error> =>
      move(options(await server!.newDatabase(), more)).then(
        () => new Error('it was not'),
        (error: Error) => error,
      )

    it('while the collector of the file runs', async () => {
      const file = kept.copy('used.db')
      const { close } = openWriter(file)
      const error = await refused({ file })
      close()
      expect(error).toBeInstanceOf(StoreError)
      expect(error.message).toContain('is in use by another Leadlight. Stop that one first')
    })

    it.each<readonly [string, (sql: Sql) => Promise<unknown>, string]>([
      [
        'that a collector has begun',
        async (sql) => {
          await migrate(sql)
          await sql`INSERT INTO site (name, key, settings, created_at) VALUES ('default', 'k', '{}', 0)`
        },
        'rows in site',
      ],
      [
        'that holds something else',
        (sql) => sql.unsafe('CREATE TABLE x (n int); INSERT INTO x VALUES (1)'),
        'rows in x',
      ],
    ])('into a database %s', async (_, fill, says) => {
      const url = await server!.newDatabase()
      await opened(url, async (sql) => void (await fill(sql)))
      await expect(move(options(url))).rejects.toThrow(says)
      await expect(move(options(url))).rejects.toThrow(StoreError)
    })

    it('under another secret, before anything is copied', async () => {
      const error = await refused({ seal: createSeal('another secret altogether') })
      expect(error.message).toMatch(/cannot open what is sealed of 2 webhooks .* LEADLIGHT_SECRET/)
    })

    it('without the key of the erased', async () => {
      const file = kept.copy('keyless.db')
      rmSync(`${file}.erased`)
      expect((await refused({ file })).message).toContain('keyless.db.erased is missing')
    })

    it('where a restored file holds people who were erased since', async () => {
      const file = kept.copy('restored.db')
      writeFileSync(`${file}.erased`, `${readFileSync(`${file}.erased`, 'utf8')}\nmark ${'0'.repeat(64)}\n`)
      expect((await refused({ file })).message).toContain('was restored from a backup')
    })

    it.each([['nothing', '/nowhere/leadlight.db', 'There is no database at /nowhere/leadlight.db']])(
      'where there is %s',
      async (_, file, says) => expect((await refused({ file })).message).toContain(says),
    )

    it('of an older schema', async () => {
      const file = kept.copy('older.db')
      const { db, close } = openWriter(file)
      db.pragma('user_version = 3')
      close()
      expect((await refused({ file })).message).toContain('older Leadlight (schema 3). Start this version on it once')
    })

    it('where the server does not know the user', async () => {
      const url = Object.assign(new URL(await server!.newDatabase()), { username: 'stranger' }).href
      await expect(move(options(url))).rejects.toThrow(StoreError)
    })
  })

  describe('from the shell', () => {
    const run = (words: readonly string[], environment: Record<string, string>) =>
      promisify(execFile)(process.execPath, [join(import.meta.dirname, '../../collector/bin.js'), 'move', ...words], {
        env: { ...process.env, LEADLIGHT_DATA: mkdtempSync(join(tmpdir(), 'leadlight-')), ...environment },
      }).then(
        ({ stdout }) => ({ code: 0, text: stdout }),
        ({ code, stderr }: { code: number; stderr: string }) => ({ code, text: stderr }),
      )
    const environment = async () => ({ DATABASE_URL: await server!.newDatabase(), LEADLIGHT_SECRET: SECRET })

    it('says what was copied, and how many visitors were compared', async () => {
      const { code, text } = await run([kept.path], await environment())
      expect(code).toBe(0)
      expect(text).toContain(
        `${kept.people.length} visitors were compared: score, stage and qualification are the same`,
      )
      expect(text).toMatch(/^event +\d+ rows$/m)
    })

    it('says it to programs', async () => {
      const { text } = await run([`file:${kept.path}`, '--json'], await environment())
      expect(JSON.parse(text).visitors).toEqual({ compared: kept.people.length, differing: 0, differences: [] })
    })

    it.each<readonly [string, readonly string[], Record<string, string>, RegExp]>([
      [
        'no database',
        ['x.db'],
        { DATABASE_URL: 'file:./data/leadlight.db' },
        /Set DATABASE_URL to the empty PostgreSQL/,
      ],
      ['no file', [], { DATABASE_URL: 'postgres://127.0.0.1/x' }, /Name one file.\n\nUsage:/],
      ['a server that is not there', [], { DATABASE_URL: 'postgres://127.0.0.1:1/x' }, /PostgreSQL cannot be used/],
    ])('ends with 1 for %s', async (what, words, extra, says) => {
      const file = what === 'a server that is not there' ? [kept.path] : words
      const { code, text } = await run(file, { LEADLIGHT_SECRET: SECRET, ...extra })
      expect(code).toBe(1)
      expect(text).toMatch(says)
    })
  })

  it('tells of every visitor that is not as it was, and keeps collectors away', async () => {
    const url = await server!.newDatabase()
    const [first, second] = kept.people
    const harming = options(url, {
      onProgress: ({ table, done, total }) => {
        if (table === 'audit' && done === total)
          harmed ??= opened(url, async (sql) => {
            await sql`UPDATE visitor SET heat = 1 WHERE id = ${first!}`
            await sql`UPDATE visitor SET state = (SELECT state FROM visitor WHERE id <> ${second!} AND state IS NOT NULL LIMIT 1)
            WHERE id = ${second!}`
          })
      },
    })
    let harmed: Promise<void> | undefined
    const { visitors } = await move(harming)
    await harmed
    expect(visitors.differing).toBe(2)
    expect(visitors.differences).toContainEqual({ visitor: first, what: ['heat'] })
    expect(visitors.differences).toContainEqual({ visitor: second, what: ['state'] })
    await expect(opened(url, migrate)).rejects.toThrow('not finished')
  })
})
