/** Where rows lie on PostgreSQL. */
import { describe, expect, it } from 'vitest'
import {
  idHash,
  monthOf,
  shardOf,
  shardOfId,
  shardOfName,
  visitorNumber,
} from '../../collector/store/postgres-shard.ts'

const name = (n: number) => ({ kind: 'anonymous', value: `v${n}` }) as const

describe('a shard', () => {
  it('never changes: rows lie by it', () => {
    expect([shardOfName(1, name(1)), shardOfName(2, name(1)), shardOfId('a')]).toEqual([223, 878, 458])
    expect(idHash(1, 'e-1')).toEqual({ shard: 615, hash: '6261907176132208231' })
  })

  it('is one of 1,024, about as often as any other', () => {
    const counts = new Map<number, number>()
    for (let n = 0; n < 100_000; n += 1) {
      const shard = shardOfName(1, name(n))
      counts.set(shard, (counts.get(shard) ?? 0) + 1)
    }
    expect(counts.size).toBe(1024)
    expect(Math.max(...counts.values())).toBeLessThan(200)
    expect([Math.min(...counts.keys()), Math.max(...counts.keys())]).toEqual([0, 1023])
  })

  it('tells kinds of names and sites apart', () => {
    const all = [shardOfName(1, { kind: 'user', value: 'x' }), shardOfName(1, { kind: 'email', value: 'x' })]
    expect(new Set([...all, shardOfName(11, { kind: 'user', value: 'x' })]).size).toBe(3)
  })

  it('is in the number of a visitor, which stays a whole number for a long time', () => {
    for (const place of [1, 65_536, 2 ** 43 - 1]) {
      const n = visitorNumber(place, 1023)
      expect(Number.isSafeInteger(n)).toBe(true)
      expect(shardOf(n)).toBe(1023)
    }
  })

  it('of an id fits its hash, which has a sign', () => {
    for (let n = 0; n < 1000; n += 1) {
      const { shard, hash } = idHash(1, `${n}`)
      expect(Number(BigInt.asUintN(64, BigInt(hash)) & 1023n)).toBe(shard)
      expect(BigInt.asIntN(64, BigInt(hash)).toString()).toBe(hash)
    }
  })
})

describe('a month', () => {
  it('is counted from the year 0, in UTC', () => {
    expect(monthOf(Date.UTC(2026, 0, 1))).toBe(2026 * 12)
    expect(monthOf(Date.UTC(2026, 0, 1) - 1)).toBe(2026 * 12 - 1)
  })
})
