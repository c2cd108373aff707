/** A wire between collectors and their database that can be cut at the worst of moments, and led elsewhere. */

import type { AddressInfo } from 'node:net'
import { connect, createServer, type Socket } from 'node:net'

export interface Wire {
  /** The address of a database, by way of this. */
  readonly by: (url: string) => string
  /** Whom new connections are led to. */
  readonly leadTo: (url: string) => void
  /** Ends all connections, now. */
  readonly cut: () => void
  /** The next so many times that the server says it has committed, the answer is lost and the connection ends. */
  readonly loseAnswers: (count: number) => void
  /** The next so many times that a collector says commit, that arrives, and the connection ends. */
  readonly cutAfterCommit: (count: number) => void
  /** From now on who asks to be told of news is told of nothing. */
  readonly deafen: () => void
  /** How often each has happened. */
  readonly happened: { answersLost: number; cutsAfterCommit: number; deafened: number }
  readonly close: () => Promise<void>
}

/** The last word on a transaction, of the collector and then of the server. */
const COMMIT = Buffer.from('COMMIT\0')
const LISTEN = Buffer.from('listen "')

export const openWire = async (url: string): Promise<Wire> => {
  let target = new URL(url)
  const pending = { answers: 0, commits: 0 }
  const happened = { answersLost: 0, cutsAfterCommit: 0, deafened: 0 }
  const open = new Set<Socket>()
  let isDeaf = false

  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    const end = (): void => {
      for (const each of [client, upstream]) {
        each.destroy()
        open.delete(each)
      }
    }
    for (const each of [client, upstream]) {
      open.add(each)
      each.setNoDelay(true)
      each.on('error', end)
      each.on('close', end)
    }
    client.on('data', (chunk) => {
      const channel = isDeaf ? chunk.indexOf(LISTEN) : -1
      if (channel >= 0) {
        happened.deafened += 1
        // Another of the same length, on which nobody speaks.
        chunk.write('_', channel + LISTEN.length)
      }
      const isLast = pending.commits > 0 && chunk.includes(COMMIT)
      if (isLast) {
        pending.commits -= 1
        happened.cutsAfterCommit += 1
        upstream.end(chunk)
        client.resetAndDestroy()
      } else upstream.write(chunk)
    })
    upstream.on('data', (chunk) => {
      if (pending.answers > 0 && chunk.includes(COMMIT)) {
        pending.answers -= 1
        happened.answersLost += 1
        end()
      } else client.write(chunk)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const cut = (): void => {
    for (const each of open) each.destroy()
  }

  return {
    by: (address) => Object.assign(new URL(address), { port: `${port}` }).href,
    leadTo: (address) => {
      target = new URL(address)
    },
    cut,
    loseAnswers: (count) => {
      pending.answers += count
    },
    cutAfterCommit: (count) => {
      pending.commits += count
    },
    deafen: () => {
      isDeaf = true
    },
    happened,
    close: async () => {
      cut()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
