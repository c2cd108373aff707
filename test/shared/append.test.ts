/** What becomes of arriving events: late ones, ones that fail to be written, people who turn out to be one. */
import { describe, expect, it } from 'vitest'
import { DEFAULT_MODEL } from '../../shared/default-model.ts'
import type { VisitorEvent } from '../../shared/event.ts'
import type { Who } from '../../shared/identity.ts'
import { createFold } from '../../shared/visitor.ts'
import { day, identify, page, read, track } from './given.ts'
import { createMemoryStore } from './memory-store.ts'

const fold = createFold(DEFAULT_MODEL)
const by = (who: Who, ...events: readonly VisitorEvent[]) => events.map((event) => ({ site: 's', who, event }))
const pathOf = (store: ReturnType<typeof createMemoryStore>, index = 0) =>
  store.recorded(store.survivors()[index]!).map(({ what, from, to }) => `${what}: ${from} -> ${to}`)

describe('an event that comes late', () => {
  it('does not take back what time had done since', () => {
    const late = read(0.5, 'article')
    const store = createMemoryStore(fold)
    store.append(by({ user: 'u' }, page(0, 'commercial_page'), page(1, 'commercial_page')))
    store.wake(store.survivors()[0]!, day(60))
    const cooled = ['stage: awareness -> interest', 'stage: interest -> awareness']
    expect(pathOf(store)).toEqual(cooled)
    store.append(by({ user: 'u' }, late))
    expect(pathOf(store)).toEqual(cooled)
    expect(store.survivors()[0]!.state!.stage).toBe('awareness')
  })

  it('is recorded where it leads elsewhere, from where they stood', () => {
    const late = track(0.5, 'demo_request')
    const store = createMemoryStore(fold)
    store.append(by({ user: 'u' }, page(0), page(1)))
    store.append(by({ user: 'u' }, late))
    expect(store.recorded(store.survivors()[0]!)).toMatchObject([
      { what: 'stage', from: 'awareness', to: 'intent', at: late.at, event: late.id, rule: 'held by demo_request' },
    ])
  })
})

describe('others are told', () => {
  it('of every transition that happened, late ones too', () => {
    const store = createMemoryStore(fold)
    store.append(by({ user: 'u' }, page(0), page(1)))
    store.append(by({ user: 'u' }, track(0.5, 'demo_request')))
    expect(store.announced).toEqual(store.recorded(store.survivors()[0]!))
    expect(store.announced).toHaveLength(1)
  })

  it('of nothing that is only worked out anew', () => {
    const store = createMemoryStore(fold)
    store.append(by({ user: 'u' }, track(0, 'demo_request')))
    const [profile] = store.survivors()
    profile!.state = undefined
    store.replay(profile!)
    expect(profile!.state).toMatchObject({ stage: 'intent' })
    expect(store.recorded(profile!)).toHaveLength(2)
    expect(store.announced).toHaveLength(1)
  })
})

describe('a batch', () => {
  it('is not late by its own shuffling', () => {
    const store = createMemoryStore(fold)
    store.append(by({ user: 'u' }, page(0)))
    store.append(by({ user: 'u' }, page(3), page(1), page(2)))
    expect(store.replays()).toBe(0)
    store.append(by({ user: 'u' }, page(2.5)))
    expect(store.replays()).toBe(1)
  })
})

describe('events of one body, which share their names,', () => {
  it('are one person’s, looked up once for all', () => {
    const store = createMemoryStore(fold)
    store.append(by({ anonymous: 'a' }, page(0), page(1), page(2)))
    expect(store.survivors()).toHaveLength(1)
  })

  it('are each somebody else’s under a name that is none', () => {
    const store = createMemoryStore(fold)
    store.append(by({ anonymous: 'null' }, page(0), page(1)))
    expect(store.survivors()).toHaveLength(2)
  })

  it('go with the address that one of them tells', () => {
    const store = createMemoryStore(fold)
    const tells = (at: number, email: string) => ({ ...identify(at), traits: { email } })
    store.append(by({ anonymous: 'a' }, tells(0, 'ann@acme.example')))
    store.append(by({ anonymous: 'a' }, page(1), tells(2, 'ben@acme.example'), page(3)))
    const [ann, ben] = store.survivors()
    expect(store.historyOf(ann!).map(({ at }) => at)).toEqual([day(0), day(1)])
    expect(store.historyOf(ben!).map(({ at }) => at)).toEqual([day(2), day(3)])
  })
})

describe('an event that comes twice', () => {
  it('counts once', () => {
    const event = track(0, 'chat_message')
    const store = createMemoryStore(fold)
    expect(store.append(by({ user: 'u' }, event, event))).toEqual(['accepted', 'duplicate'])
    expect(store.append(by({ user: 'other' }, event))).toEqual(['duplicate'])
    expect(store.survivors()).toHaveLength(1)
  })
})

describe('a transaction that fails', () => {
  it('leaves nothing behind for the next', () => {
    const store = createMemoryStore(fold)
    store.append(by({ user: 'u' }, page(0)))
    store.breakAt(2)
    expect(() => store.append([...by({ user: 'v' }, page(1)), ...by({ user: 'w' }, page(1))])).toThrow('disk full')
    const saved = store.saves()
    store.append(by({ user: 'u' }, page(2)))
    expect(store.saves() - saved).toBe(1)
  })
})

describe('people who turn out to be one', () => {
  it('are folded together: the union, in order, not a sum', () => {
    const store = createMemoryStore(fold)
    const phone = [page(0, 'pricing'), page(2, 'case_study')]
    const desk = [page(1, 'pricing'), identify(3)]
    store.append(by({ anonymous: 'phone' }, ...phone))
    store.append(by({ anonymous: 'desk' }, ...desk))
    store.append(by({ anonymous: 'phone', user: 'ann' }, identify(4)))
    store.append(by({ anonymous: 'desk', user: 'ann' }, identify(5)))
    expect(store.survivors()).toHaveLength(1)
    expect(store.survivors()[0]!.state!.carried.pricing_repeat).toBeDefined()
  })

  it('keep what was recorded of each before, also when all of it comes in one batch', () => {
    const store = createMemoryStore(fold)
    const alone = by({ anonymous: 'a' }, page(0), track(0, 'demo_request'))
    store.append([...by({ user: 'u' }, page(1)), ...alone, ...by({ anonymous: 'a', user: 'u' }, identify(2))])
    expect(store.survivors()).toHaveLength(1)
    expect(store.recorded(store.profiles[1]!).map(({ to }) => to)).toEqual(['intent'])
  })

  it('are two again when that is undone, each with its own names and events', () => {
    const store = createMemoryStore(fold)
    store.append(by({ anonymous: 'a' }, page(0, 'pricing'), page(0.1)))
    store.append(by({ user: 'u' }, page(1, 'pricing'), identify(1, { email: 'u@x.example' })))
    const [anonymous, known] = store.profiles
    const before = [structuredClone(anonymous), structuredClone(known)]
    store.merge(anonymous!, known!, day(2))
    expect(known!.state!.views).toBe(3)
    store.unmerge(anonymous!, known!, day(3))
    expect(store.survivors()).toEqual(before)
    store.append(by({ anonymous: 'a' }, page(4)))
    expect([anonymous!.state!.views, known!.state!.views]).toEqual([3, 1])
  })

  it('record nothing of their own path twice when a merge is undone', () => {
    const store = createMemoryStore(fold)
    store.append(by({ anonymous: 'a' }, page(0), track(0, 'demo_request')))
    store.append(by({ user: 'u' }, page(1)))
    const [anonymous, known] = store.profiles
    store.merge(anonymous!, known!, day(2))
    store.unmerge(anonymous!, known!, day(3))
    expect(store.recorded(anonymous!).map(({ to }) => to)).toEqual(['intent'])
    expect(store.recorded(known!).map(({ to }) => to)).toEqual(['intent', 'awareness'])
  })

  it('keep the name that was theirs when known people are taken apart', () => {
    const store = createMemoryStore(fold)
    store.append(by({ user: 'u' }, identify(0, { email: 'u@x.example' })))
    store.append(by({ user: 'v' }, identify(0, { email: 'v@x.example' })))
    const [u, v] = store.profiles
    store.merge(v!, u!, day(1))
    store.unmerge(v!, u!, day(2))
    expect(store.survivors().map(({ user, email }) => [user, email])).toEqual([
      ['u', 'u@x.example'],
      ['v', 'v@x.example'],
    ])
  })
})
