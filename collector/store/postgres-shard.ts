/** Where a row belongs on PostgreSQL: shards of names, visitors and ids of events. Never to be changed: rows lie by it. */
import { hash } from 'node:crypto'
import type { Name } from '../../shared/identity.ts'
import { SHARDS } from './postgres-schema.ts'

/** 64 bits of a digest, as PostgreSQL's bigint, which has a sign. */
const digest = (text: string): bigint => BigInt.asIntN(64, BigInt(`0x${hash('sha256', text, 'hex').slice(0, 16)}`))

const shardIn = (digested: bigint): number => Number(digested & BigInt(SHARDS - 1))

/** `site`: its number. */
export const shardOfName = (site: number, { kind, value }: Name): number =>
  shardIn(digest(`${site}\0${kind}\0${value}`))

/** Of one who left no name; `id` is ours. */
export const shardOfId = (id: string): number => shardIn(digest(id))

/** The shard that is in a visitor's number. */
export const shardOf = (n: number): number => n % SHARDS

/** A visitor's number. `place`: one that nobody else has. */
export const visitorNumber = (place: number, shard: number): number => place * SHARDS + shard

export interface IdHash {
  readonly shard: number
  /** As a text: a number cannot hold it. */
  readonly hash: string
}

/** What is kept of an event's id; see `event_id`. */
export const idHash = (site: number, id: string): IdHash => {
  const digested = digest(`${site}\0${id}`)
  return { shard: shardIn(digested), hash: digested.toString() }
}

/** The month in which an instant lies, in UTC, counted from the year 0. */
export const monthOf = (at: number): number => {
  const date = new Date(at)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}
