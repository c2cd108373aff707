/** What acknowledges goes out after a sync that began after it was written; never on the word of one that failed. */
import { describe, expect, it } from 'vitest'
import { createGate } from '../../collector/gate.ts'

type Then = (error: Error | null) => void

const open = () => {
  /** What the machine was asked, and not yet answered. */
  const syncs: Then[] = []
  const mends: { readonly problem: string; readonly resolve: () => void; readonly reject: (error: Error) => void }[] =
    []
  const heard: string[] = []
  const hold = createGate<string>({
    sync: (then) => void syncs.push(then),
    mend: (problem) => new Promise((resolve, reject) => void mends.push({ problem, resolve, reject })),
    pass: (word) => void heard.push(word),
    refuse: (word) => void heard.push(`not ${word}`),
  })
  return { hold, heard, syncs, mends }
}
const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('a gate', () => {
  it('holds back until the disk has it', () => {
    const { hold, heard, syncs } = open()
    hold('a')
    expect(heard).toEqual([])
    syncs.shift()!(null)
    expect(heard).toEqual(['a'])
    expect(syncs).toEqual([])
  })

  it('syncs anew for what came while one sync was under way, once for all of it', () => {
    const { hold, heard, syncs } = open()
    for (const word of ['a', 'b', 'c']) hold(word)
    expect(syncs).toHaveLength(1)
    syncs.shift()!(null)
    expect(heard).toEqual(['a'])
    expect(syncs).toHaveLength(1)
    syncs.shift()!(null)
    expect(heard).toEqual(['a', 'b', 'c'])
    expect(syncs).toEqual([])
  })

  it('refuses what a failed sync should have kept, and asks for another way before anything passes again', async () => {
    const { hold, heard, syncs, mends } = open()
    hold('a')
    hold('b')
    syncs.shift()!(new Error('EIO'))
    expect(heard).toEqual(['not a'])
    // A second sync would say yes to what the machine has forgotten.
    expect(syncs).toEqual([])
    expect(mends.map(({ problem }) => problem)).toEqual(['EIO'])
    mends.shift()!.reject(new Error('still EIO'))
    await turn()
    expect(heard).toEqual(['not a', 'not b'])
    hold('c')
    expect(syncs).toEqual([])
    expect(mends[0]!.problem).toBe('still EIO')
    mends.shift()!.resolve()
    await turn()
    hold('d')
    expect(heard).toEqual(['not a', 'not b', 'c'])
    syncs.shift()!(null)
    expect(heard).toEqual(['not a', 'not b', 'c', 'd'])
  })
})
