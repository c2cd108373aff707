/** What only one collector may do at a time on PostgreSQL: it says until when it does, and says so again while it does. */
import type { Sql, Transaction } from './postgres.ts'

export interface Lease {
  /** Takes it, or keeps it; false while another has it. */
  readonly take: (until: number) => Promise<boolean>
  /** Within a transaction, which nobody can then take it from: false where another has taken it, or it was called off. */
  readonly keep: (tx: Transaction, until: number) => Promise<boolean>
  readonly release: () => Promise<void>
}

export interface LeaseOptions {
  readonly name: string
  /** Who takes it: another for every collector. */
  readonly holder: string
  readonly now: () => number
}

export const createLease = (sql: Sql, { name, holder, now }: LeaseOptions): Lease => ({
  take: async (until) => {
    // Most ask in vain, again and again: that writes nothing.
    const [held] = await sql<{ holder: string }[]>`SELECT holder FROM lease WHERE name = ${name} AND until > ${now()}`
    if (held && held.holder !== holder) return false
    const taken = await sql`
      INSERT INTO lease (name, holder, until) VALUES (${name}, ${holder}, ${until})
      ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
        WHERE lease.holder = excluded.holder OR lease.until <= ${now()}
      RETURNING name`
    return taken.length > 0
  },
  keep: async (tx, until) => {
    const kept = await tx`
      UPDATE lease SET until = ${until} WHERE name = ${name} AND holder = ${holder} RETURNING name`
    return kept.length > 0
  },
  release: async () => {
    await sql`DELETE FROM lease WHERE name = ${name} AND holder = ${holder}`
  },
})

/** Whoever has it loses it: what it is for is to be begun anew. */
export const callOff = async (sql: Sql, name: string): Promise<void> => {
  await sql`DELETE FROM lease WHERE name = ${name}`
}
