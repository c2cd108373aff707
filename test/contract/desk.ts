/** What any store must do with what people set up, draft and note: runs over each. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newSite } from '../../collector/routes/admin.ts'
import type { AuditEntry, AuditQuery } from '../../collector/store/store.ts'
import { DEFAULT_MODEL } from '../../shared/default-model.ts'
import { type Beside, HOSTILE_CASES, kept, type OpenBeside } from './beside.ts'
import { NOON } from './events.ts'

const entry = (more: Partial<AuditEntry> = {}): AuditEntry => ({
  at: NOON,
  actor: 'admin token',
  action: 'read',
  site: undefined,
  subject: undefined,
  detail: undefined,
  ...more,
})
const draft = { model: DEFAULT_MODEL, author: 'Ann', reason: 'a trial', createdAt: NOON }
const key = { id: 'k', kind: 'read', site: undefined, label: '', hint: 'abcd', createdAt: NOON, hash: 'h' } as const

export const describeDesk = (name: string, open: OpenBeside): void => {
  describe(name, () => {
    let store: Beside
    beforeEach(async () => {
      store = await open()
    })
    afterEach(() => store.close())

    describe('the settings', () => {
      it('have a site once, whoever else makes it at the same moment', async () => {
        const made = Array.from({ length: 8 }, (_, n) => store.settings.insertSite(newSite('third', NOON + n)))
        expect((await Promise.all(made)).filter(Boolean)).toHaveLength(1)
        expect((await store.settings.sites()).map((site) => site.name)).toEqual(['default', 'other', 'third'])
      })

      it('change the public key of a site where one is given, and of that site alone', async () => {
        const [first, second] = await store.settings.sites()
        await store.settings.updateSite('default', first!.settings, 'new')
        await store.settings.updateSite('nobody’s', first!.settings, 'newer')
        expect((await store.settings.sites()).map((site) => site.key)).toEqual(['new', second!.key])
        await store.settings.updateSite('default', first!.settings)
        expect((await store.settings.sites()).map((site) => site.key)).toEqual(['new', second!.key])
      })

      it('can be written, and are no others for it', async () => {
        const before = [await store.settings.sites(), await store.settings.keys()]
        await store.settings.probe()
        expect([await store.settings.sites(), await store.settings.keys()]).toEqual(before)
      })

      it('take a key that is used for what it is, and no unknown one', async () => {
        await store.settings.insertKey(key)
        await store.settings.touchKey({ hash: 'other', at: NOON })
        expect((await store.settings.keys())[0]!.lastUsedAt).toBeUndefined()
        await expect(store.settings.insertKey({ ...key, id: 'l' })).rejects.toThrow()
        expect(await store.settings.keys()).toHaveLength(1)
      })

      it.each(HOSTILE_CASES)('keep a text as it is: %s', async (_, text) => {
        const [site] = await store.settings.sites()
        await store.settings.updateSite('default', { ...site!.settings, staff: [text], ignores: [text] })
        await store.settings.insertKey({ ...key, label: text })
        expect((await store.settings.sites())[0]!.settings).toMatchObject({ staff: [text], ignores: [text] })
        expect((await store.settings.keys()).map(({ label }) => kept(label))).toEqual([kept(text)])
        expect([await store.settings.deleteKey(text), await store.settings.labelKey(text, text)]).toEqual([
          false,
          false,
        ])
        await store.settings.updateSite(text, site!.settings, text)
        expect((await store.settings.sites()).map((each) => each.key)).not.toContain(text)
      })

      it('know nobody by a name with a character in it that no text has', async () => {
        await store.settings.insertKey(key)
        expect([await store.settings.deleteKey('k\0'), await store.settings.labelKey('k\0', 'x')]).toEqual([
          false,
          false,
        ])
        await store.settings.labelKey('k', 'a\0b')
        expect((await store.settings.keys())[0]!.label).toMatch(/^a.b$/s)
      })
    })

    describe('the models', () => {
      it('are numbered one by one, also those that are drafted at the same moment', async () => {
        const versions = await Promise.all(Array.from({ length: 6 }, () => store.models.insertDraft(draft)))
        expect(versions.toSorted((a, b) => a - b)).toEqual([2, 3, 4, 5, 6, 7])
        expect((await store.models.versions()).map(({ version }) => version)).toEqual([7, 6, 5, 4, 3, 2, 1])
      })

      it('are one that scores, and others', async () => {
        await store.models.insertDraft(draft)
        expect((await store.models.published()).version).toBe(1)
        expect((await store.models.versions()).map(({ state }) => state)).toEqual(['draft', 'published'])
      })

      it.each(HOSTILE_CASES.filter(([, text]) => text.length < 100))('keep a text as it is: %s', async (_, text) => {
        const model = { ...DEFAULT_MODEL, name: text }
        const version = await store.models.insertDraft({ ...draft, model, author: text })
        const [newest] = await store.models.versions()
        expect((await store.models.model(version))!.model).toEqual(model)
        expect([newest!.version, kept(newest!.author)]).toEqual([version, kept(text)])
        if (text.isWellFormed()) expect(newest!.name).toBe(text)
      })
    })

    describe('the audit log', () => {
      const list = async (query: Partial<AuditQuery> = {}) =>
        (await store.audit.entries({ limit: 100, ...query })).map(({ detail }) => detail)

      it('is read page by page, the newest first, each entry once', async () => {
        for (let n = 1; n <= 7; n += 1) await store.note(entry({ detail: `${n}` }))
        const pages: (readonly (string | undefined)[])[] = []
        let before: number | undefined
        for (;;) {
          const page = await store.audit.entries({ before, limit: 3 })
          if (page.length === 0) break
          pages.push(page.map(({ detail }) => detail))
          before = page.at(-1)!.n
        }
        expect(pages).toEqual([['7', '6', '5'], ['4', '3', '2'], ['1']])
      })

      it('tells what it was told, with a number of its own', async () => {
        const whole = entry({ site: 'default', subject: 'a'.repeat(64), detail: 'x', actor: 'key k', action: 'erase' })
        for (const each of [entry(), whole]) await store.note(each)
        const [last, first] = await store.audit.entries({ limit: 5 })
        expect([last, first]).toEqual([
          { ...whole, n: last!.n },
          { ...entry(), n: first!.n },
        ])
        expect(last!.n).toBeGreaterThan(first!.n)
      })

      it('is asked by who, by what, by whom it is about and where, alone or together', async () => {
        await store.note(entry({ detail: '1', actor: 'key k', subject: 's1', site: 'default' }))
        await store.note(entry({ detail: '2', action: 'erase', subject: 's2', site: 'other' }))
        await store.note(entry({ detail: '3', actor: 'key k', action: 'erase' }))
        expect(await list({ actor: 'key k' })).toEqual(['3', '1'])
        expect(await list({ action: 'erase' })).toEqual(['3', '2'])
        expect(await list({ actor: 'key k', action: 'erase' })).toEqual(['3'])
        expect(await list({ subjects: ['s1', 's2', 's3'] })).toEqual(['2', '1'])
        expect(await list({ subjects: ['s1', 's2'], actor: 'key k' })).toEqual(['1'])
        expect(await list({ subjects: [] })).toEqual([])
        expect(await list({ site: 'default' })).toEqual(['1'])
        expect(await list({ site: 'other', actor: 'key k' })).toEqual([])
        expect(await list({ site: 'third' })).toEqual([])
      })

      it('has all that is noted at the same moment, each under another number', async () => {
        const details = Array.from({ length: 40 }, (_, n) => `${n}`)
        await Promise.all(details.map((detail) => store.note(entry({ detail }))))
        expect((await list()).toSorted()).toEqual(details.toSorted())
      })

      it('keeps a million entries, and forgets those before', async () => {
        for (const detail of ['1', '2', '3']) await store.note(entry({ detail }))
        await store.rows.auditFrom(1_000_002)
        await store.note(entry({ detail: 'new' }))
        expect((await list()).filter((detail) => detail !== 'gap')).toEqual(['new', '3'])
      })

      it.each(HOSTILE_CASES)('keeps a text as it is, and finds nothing by it: %s', async (_, text) => {
        await store.note(entry({ detail: text, site: text }))
        expect((await list()).map((detail) => kept(detail!))).toEqual([kept(text)])
        expect(await list({ actor: text })).toEqual([])
        expect(await list({ subjects: [text, `${text},"`] })).toEqual([])
      })
    })
  })
}
