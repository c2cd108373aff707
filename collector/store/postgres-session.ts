/**
 * Connections for transactions on PostgreSQL, each lent to one at a time. The driver connects anew by itself, so that what
 * was begun on a connection that was lost would go on outside of its transaction, or write to nothing and end the process:
 * here a connection that was lost is gone for good, with all that was still to be sent on it.
 */
import { connect as openSocket, type Socket } from 'node:net'
import type postgres from 'postgres'

type Sql = postgres.Sql<{ int8: number }>
type Transaction = postgres.TransactionSql<{ int8: number }>

interface Session {
  readonly sql: Sql
  readonly isDead: () => boolean
  /**
   * Whom to tell when the connection is lost, since not all that was sent on it is told so. Set anew for each transaction: a
   * promise that outlives it would remember all that ever waited for it.
   */
  onLoss: (() => void) | undefined
  readonly kill: () => Promise<void>
}

/** Where the driver would connect to, by its own reading of the address. */
interface Target {
  readonly host: readonly string[]
  readonly port: readonly number[]
  readonly path?: string | false
}

export interface SessionsOptions {
  /** Makes a client of one connection with these options. */
  readonly open: (options: postgres.Options<Record<string, postgres.PostgresType>>) => Sql
  readonly most: number
  /** How long a connection may take, in ms. */
  readonly patience: number
}

/** What a work came to, and statements that it has sent last and not awaited: the COMMIT goes right behind them. */
export interface Ending<Result> {
  readonly result: Result
  readonly sent: readonly Promise<unknown>[]
}

export interface Beginning {
  readonly options: string
  /** Whether the work need not wait until the transaction has begun. */
  readonly isAhead?: boolean
}

export interface Sessions {
  readonly begin: <Result>(beginning: Beginning, work: (tx: Transaction) => Promise<Ending<Result>>) => Promise<Result>
  readonly end: () => Promise<void>
}

const failed = (code: string, message: string): Error => Object.assign(new Error(message), { code })
const lost = (): Error => failed('CONNECTION_CLOSED', 'The connection to PostgreSQL was lost within a transaction.')

export const createSessions = ({ open, most, patience }: SessionsOptions): Sessions => {
  const idle: Session[] = []
  const all = new Set<Session>()
  const waiting: (() => void)[] = []
  let lent = 0

  const take = async (): Promise<Session> => {
    if (lent >= most) await new Promise<void>((resolve) => waiting.push(resolve))
    else lent += 1
    for (let session = idle.pop(); session; session = idle.pop()) if (!session.isDead()) return session
    const session = openSession(open, patience, (dead) => all.delete(dead))
    all.add(session)
    return session
  }

  const giveBack = (session: Session): void => {
    if (!session.isDead()) idle.push(session)
    const next = waiting.shift()
    if (next) next()
    else lent -= 1
  }

  return {
    begin: async (beginning, work) => {
      const session = await take()
      try {
        return await transact(session, beginning, work)
      } finally {
        giveBack(session)
      }
    },
    end: async () => void (await Promise.all([...all].map(({ kill }) => kill()))),
  }
}

const openSession = (open: SessionsOptions['open'], patience: number, onDeath: (session: Session) => void): Session => {
  let [isOpened, isDead] = [false, false]
  const socket = async (target: Target): Promise<Socket> => {
    const isFirst = !isOpened
    isOpened = true
    try {
      if (!isFirst) throw lost()
      return await connectTo(target, patience)
    } catch (error) {
      // The driver does not say so where a connection never came about: what waits for it would wait for ever.
      void kill()
      throw error
    }
  }
  const kill = async (): Promise<void> => {
    isDead = true
    session.onLoss?.()
    onDeath(session)
    // What still waits to be sent is refused.
    await sql.end({ timeout: 0 })
  }
  const options = { max: 1, idle_timeout: 0, max_lifetime: null, socket, onclose: () => void kill() }
  const sql = open(options as Parameters<SessionsOptions['open']>[0])
  const session: Session = { sql, isDead: () => isDead, onLoss: undefined, kill }
  return session
}

const connectTo = ({ host, port, path }: Target, patience: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    // What waits for an answer must not wait for more to be sent with it.
    const socket = path ? openSocket({ path }) : openSocket({ host: host[0]!, port: port[0]!, noDelay: true })
    const timer = setTimeout(() => socket.destroy(failed('CONNECT_TIMEOUT', 'PostgreSQL does not answer.')), patience)
    socket.once('error', reject)
    socket.once('connect', () => {
      clearTimeout(timer)
      socket.off('error', reject)
      resolve(socket)
    })
    socket.once('close', () => clearTimeout(timer))
  })

const transact = async <Result>(
  session: Session,
  { options, isAhead = false }: Beginning,
  work: (tx: Transaction) => Promise<Ending<Result>>,
): Promise<Result> => {
  const { sql } = session
  const { promise: loss, reject } = Promise.withResolvers<never>()
  loss.catch(() => undefined)
  session.onLoss = () => reject(lost())
  let [isOver, isEnded] = [false, false]
  // What a work that has failed still does must not become part of the next one.
  const tx = new Proxy(sql as unknown as Transaction, {
    apply: (target, self, given) => {
      if (isOver) throw lost()
      return minded(Reflect.apply(target as unknown as (...args: unknown[]) => unknown, self, given))
    },
  })
  try {
    const begun = sql.unsafe(`BEGIN ${options}`).execute()
    // Its answer comes before all others: nothing more is sent then.
    begun.catch(() => {
      isOver = true
    })
    if (!isAhead) await Promise.race([begun, loss])
    const [{ result, sent }] = await Promise.race([Promise.all([work(tx), begun]), loss])
    isOver = true
    const outcomes = await Promise.race([commit(sql, sent), loss])
    isEnded = true
    // What comes behind the first to fail only says that the transaction was given up.
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
    return result
  } catch (error) {
    isOver = true
    if (!isEnded) await rollBack(session, loss)
    throw error
  }
}

/** What became of the last statements and, as the last, of the transaction. */
const commit = (sql: Sql, sent: readonly Promise<unknown>[]): Promise<readonly PromiseSettledResult<unknown>[]> => {
  const committed = sql.unsafe('COMMIT').then(({ command }) => {
    // So it answers where a statement has failed and nobody minded.
    if (command !== 'COMMIT') throw new Error('A statement of a transaction failed, and it was to be committed.')
  })
  return Promise.allSettled([...sent, committed])
}

/** What was sent ahead, and nobody waits for any more when it fails: that must not end the process. */
const minded = (made: unknown): unknown => {
  const query = made as { execute?: () => Promise<unknown> }
  const execute = query.execute?.bind(made)
  if (execute)
    query.execute = () => {
      const sent = execute()
      sent.catch(() => undefined)
      return sent
    }
  return made
}

/** One that cannot be rolled back is closed: the server then does it. */
const rollBack = async ({ sql, isDead, kill }: Session, loss: Promise<never>): Promise<void> => {
  try {
    if (!isDead()) await Promise.race([sql.unsafe('ROLLBACK'), loss])
  } catch {
    await kill()
  }
}
