/** All of history from SQLite: folded, simulated under another model, and rebuilt; against only reading the log. */
import { createEdition } from '../collector/edition.ts'
import { simulate } from '../collector/simulate.ts'
import { createStride } from '../collector/store/history.ts'
import { createHistory } from '../collector/store/sqlite-history.ts'
import { createSqliteModels } from '../collector/store/sqlite-models.ts'
import { beginRebuild } from '../collector/store/sqlite-rebuild.ts'
import { replayed } from '../shared/append.ts'
import { DEFAULT_MODEL } from '../shared/default-model.ts'
import { presetNamed } from '../shared/presets.ts'
import { type Filled, fillDatabase } from './database.ts'
import { type Figure, inMs, type Measured, measureOnce, perSecond, type Sizes } from './measure.ts'

const now = Date.UTC(2026, 5, 1)

export const benchReplay = async (sizes: Sizes): Promise<readonly Figure[]> => {
  const filled = await fillDatabase(sizes)
  const models = createSqliteModels(filled.db)
  const draft = { model: presetNamed('short', 'strict'), author: '', reason: '', createdAt: 0 }
  const next = createEdition((await models.model(await models.insertDraft(draft)))!)
  const bare = await measureOnce((sample) => readLog(filled, sample))
  const figures = [
    ['replay', await measureOnce((sample) => fold(filled, sample))],
    ['simulate', await measureOnce((sample) => compare(filled, next, sample))],
    ['rebuild (publish)', await measureOnce((sample) => rebuild(filled, next, sample))],
  ] as const
  filled.remove()
  return figures.map(([what, measured]) =>
    figureOf(`${what} ${filled.events} events`, measured, { bare, events: filled.events }),
  )
}

const figureOf = (what: string, ours: Measured, { bare, events }: { bare: Measured; events: number }): Figure => ({
  what,
  value: perSecond(events, ours.cpu),
  baseline: perSecond(events, bare.cpu),
  ratio: (bare.cpu / ours.cpu).toFixed(2),
  note: `${inMs(ours.wall)} on the clock, at most ${ours.memory} MB resident (${ours.before} before); baseline: read the bodies`,
})

const readLog = ({ reader }: Filled, sample: () => void): void => {
  const page = reader.prepare('SELECT seq, body FROM event WHERE seq > ? ORDER BY seq LIMIT 5000').raw()
  for (
    let rows = page.all(0) as [number, string][];
    rows.length > 0;
    rows = page.all(rows.at(-1)![0]) as [number, string][]
  )
    sample()
}

const fold = ({ reader }: Filled, sample: () => void): void => {
  const { foldOf } = createEdition({ version: 1, model: DEFAULT_MODEL })
  const history = createHistory(reader)
  const stride = createStride(4000)
  for (let after = 0; after < history.last(); ) {
    const upTo = after + stride.width()
    const people = history.between({ after, upTo })
    for (const { site, events } of people) {
      const state = replayed(foldOf(site), events, { transitions: [] })
      if (state) foldOf(site).advance(state, now, { transitions: [] })
    }
    stride.learn(people.reduce((sum, { events }) => sum + events.length, 0))
    after = upTo
    sample()
  }
}

const compare = async (
  { reader }: Filled,
  next: ReturnType<typeof createEdition>,
  sample: () => void,
): Promise<void> => {
  const old = createEdition({ version: 1, model: DEFAULT_MODEL })
  await simulate({ history: createHistory(reader), old, next, now, head: Number.MAX_SAFE_INTEGER, onProgress: sample })
}

const rebuild = ({ db }: Filled, scoring: ReturnType<typeof createEdition>, sample: () => void): void => {
  const { step, finish } = beginRebuild(db, { scoring, now: () => now })
  while (!step().isReady) sample()
  finish({ approver: '', reason: '' })
}
