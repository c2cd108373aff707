/**
 * Companies as they are read. Nothing is kept of them: the hottest are found by a bound that one index scan gives, then
 * scored exactly from what their people did, until no other can be hotter. See docs/decisions/0005-accounts-on-read.md.
 */
import {
  type AccountLedger,
  accountLedger,
  accountScoreAt,
  type Check,
  checksOf,
  scaleOf,
  sharesAt,
} from '../shared/account.ts'
import type { Account, AccountDetail, Visitor } from '../shared/answer.ts'
import type { Model } from '../shared/model.ts'
import { groupsAt, toTenth } from '../shared/present.ts'
import { heatKey, keyOf } from '../shared/score.ts'
import { createLedgers } from './ledgers.ts'
import type { Profiles } from './profiles.ts'
import type { ACCOUNT_SORTS, AccountCandidate, StoredColleague, Views } from './store/store.ts'

/** People of one company that are looked at: the warmest. */
const PEOPLE = 200
/** Signals named as the reason for a score. */
const REASONS = 4
/** Room for rounding between a sum and its bound. */
const SLACK = 1 + 1e-9

export interface AccountQuery {
  readonly sort: (typeof ACCOUNT_SORTS)[number]
  readonly limit: number
  readonly site?: string | undefined
  readonly q?: string | undefined
  readonly minScore?: number | undefined
  readonly cursor?: AccountCursor | undefined
}

/** The last one seen. By its heat key rather than its score: that stays, while all scores fade alike. */
export interface AccountCursor {
  readonly key: number | null
  readonly id: string
}

export interface Accounts {
  readonly list: (
    query: AccountQuery,
  ) => Promise<{ readonly items: readonly Account[]; readonly next?: AccountCursor | undefined }>
  /** With its people and all that its score is the sum of. `site`: as seen from there alone. */
  readonly one: (id: string, site?: string) => Promise<AccountDetail | undefined>
}

export interface AccountsOptions {
  readonly views: Pick<Views, 'accounts' | 'colleagues'>
  readonly profiles: Pick<Profiles, 'show' | 'ledger'>
  readonly model: Model
  readonly now: () => number
}

/** By what a list is sorted, the least first. */
type Place = readonly [key: number, id: string]

interface Standing extends AccountLedger {
  readonly id: string
  readonly count: number
  readonly people: readonly StoredColleague[]
  readonly score: number
  readonly place: Place
}

export const createAccounts = ({ views, profiles, model, now }: AccountsOptions): Accounts => {
  const scale = scaleOf(model)
  const ledgers = createLedgers(profiles.ledger)

  const standingOf = async (
    { id, people: count }: AccountCandidate,
    { site, sort }: Pick<AccountQuery, 'site' | 'sort'>,
    at: number,
  ): Promise<Standing> => {
    const people = await views.colleagues({ account: id, site, limit: PEOPLE })
    const colleagues = await Promise.all(
      people.map(async (person) => ({ visitor: person.id, ledger: await ledgers.of(person, at) })),
    )
    const { heat, rows } = accountLedger(colleagues, scale)
    const score = accountScoreAt(heat, at, scale)
    const key = heatKey(heat, scale)
    const place: Place = sort === 'score' ? [key === undefined ? COLDEST : -key, id] : early(sort, { id, count })
    return { id, count, people, heat, rows, score, place }
  }

  /** Those that come after the cursor, in order, and one more. No more are scored than it takes to know. */
  const pick = async (query: AccountQuery, at: number): Promise<readonly Standing[]> => {
    const { sort, site, q, limit, cursor, minScore = 0 } = query
    const after: Place | undefined = cursor && [cursor.key ?? COLDEST, cursor.id]
    const comes = (place: Place): boolean => !after || isAfter(place, after)
    const picked: Standing[] = []
    for (const candidate of inTurn(await views.accounts({ site, q, key: keyOf(1, at, scale) }), sort)) {
      const { id, people: count, most } = candidate
      const last = picked[limit]
      const isOver = last && (sort !== 'score' || most === 0 || last.score > most * SLACK)
      if (isOver || (sort === 'score' && most * SLACK < minScore)) break
      const known = sort !== 'score' || most === 0 ? early(sort, { id, count }) : undefined
      if (most * SLACK < minScore || (known && !comes(known))) continue
      const standing = await standingOf(candidate, { site, sort }, at)
      if (standing.score >= minScore && comes(standing.place)) insert(picked, standing)
    }
    return picked.slice(0, limit + 1)
  }

  const show = (standing: Standing, visitors: readonly Visitor[], at: number): Account => {
    const { id, count, heat, rows, score } = standing
    const checks: readonly Check[] = checksOf(
      { score, people: count, stages: visitors.map(({ stage }) => stage) },
      model,
    )
    const why = sharesAt(rows, 'signal', { at, scale }).slice(0, REASONS)
    return {
      id,
      score: toTenth(score),
      groups: groupsAt(heat, at, model),
      people: count,
      ready: checks.every(({ met }) => met),
      checks: [...checks],
      lastSeen: visitors.map(({ lastSeen }) => lastSeen).reduce((a, b) => (a > b ? a : b), ''),
      why: why.map(([signal, value]) => ({ signal, value: toTenth(value) })),
    }
  }

  const visitorsOf = ({ people }: Standing, at: number): readonly Visitor[] =>
    people.map((person) => profiles.show(person, at))

  return {
    list: async (query) => {
      const at = now()
      const picked = await pick(query, at)
      const page = picked.slice(0, query.limit)
      const last = page.at(-1)?.place
      return {
        items: page.map((standing) => show(standing, visitorsOf(standing, at), at)),
        next:
          picked.length > page.length && last ? { key: last[0] === COLDEST ? null : last[0], id: last[1] } : undefined,
      }
    },
    one: async (id, site) => {
      const at = now()
      const [candidate] = await views.accounts({ account: id, site, key: keyOf(1, at, scale) })
      if (!candidate) return undefined
      const standing = await standingOf(candidate, { site, sort: 'score' }, at)
      const visitors = visitorsOf(standing, at)
      const shares = new Map(sharesAt(standing.rows, 'visitor', { at, scale }))
      const signals = sharesAt(standing.rows, 'signal', { at, scale })
      return {
        ...show(standing, visitors, at),
        sum: signals.reduce((sum, [, value]) => sum + value, 0),
        signals: signals.map(([signal, value]) => ({ signal, value })),
        visitors: visitors.map((visitor) => ({ visitor, value: shares.get(visitor.id) ?? 0 })),
      }
    },
  }
}

const COLDEST = Number.POSITIVE_INFINITY

/** The place that is known before anything is scored. */
const early = (sort: AccountQuery['sort'], { id, count }: { readonly id: string; readonly count: number }): Place =>
  sort === 'score' ? [COLDEST, id] : [sort === 'people' ? -count : 0, id]

const isAfter = ([key, id]: Place, [otherKey, otherId]: Place): boolean =>
  key > otherKey || (key === otherKey && id > otherId)

const inTurn = (candidates: readonly AccountCandidate[], sort: AccountQuery['sort']): readonly AccountCandidate[] => {
  const key = ({ people, most }: AccountCandidate): number =>
    sort === 'score' ? -most : sort === 'people' ? -people : 0
  return candidates.toSorted((a, b) => (isAfter([key(a), a.id], [key(b), b.id]) ? 1 : -1))
}

/** Puts it where it belongs; most come in their turn, so it is looked for from the end. */
const insert = (picked: Standing[], standing: Standing): void => {
  const before = picked.findLastIndex(({ place }) => isAfter(standing.place, place))
  picked.splice(before + 1, 0, standing)
}
