/**
 * Carries messages from the outbox to their receivers, at least once: claims what is due, tries it, writes down what
 * became of it. A slow receiver fills its own slots and nobody else's. Killed at any point, the lease ends and the
 * message is tried again, under the same id.
 */
import type { Message } from '../../shared/message.ts'
import type { Claim, Outbox, OutboxViews, Settlement, Webhook } from '../store/store.ts'
import type { Order, Plan, Verdict } from './plan.ts'
import { nextTry } from './retry.ts'
import type { Send } from './send.ts'

/** Tries under way at once to one receiver. */
const SLOTS = 4
/** Longer than any try may take, in ms. */
const LEASE = 120_000
/** How often what falls due by time alone is looked for, in ms. */
const LOOK_EVERY = 1000
/**
 * Between two looks, in ms: while messages are under way, and while none are. Under load something is written much more often
 * than somebody is to be told.
 */
const [BUSY_REST, REST] = [5, 50]
/** How long a stop waits for tries under way, in ms; what it does not await is tried again later. */
const GRACE = 3000

export interface RelayOptions {
  readonly views: Pick<OutboxViews, 'webhooks' | 'isDue'>
  readonly outbox: Pick<Outbox, 'claim' | 'settle'>
  /** What to send; undefined where the receiver's settings cannot be read. */
  readonly planFor: (webhook: Webhook, order: Order) => Plan | undefined
  readonly send: Send
  readonly now: () => number
  readonly dice: () => number
  readonly log: (problem: string) => void
}

export interface Relay {
  /** Claims what is due and starts to try it; answers how many that were. */
  readonly turn: () => Promise<number>
  /** Resolves when nothing is under way. */
  readonly idle: () => Promise<void>
  /** Looks at every pulse, and now and then. */
  readonly start: (onPulse: (callback: () => void) => () => void) => void
  readonly stop: () => Promise<void>
}

export const createRelay = (options: RelayOptions): Relay => {
  const { views, outbox, now, log } = options
  const underWay = new Map<string, number>()
  const running = new Set<Promise<void>>()
  const settle = createSettling(outbox, log)
  let isStopped = false
  let turning: Promise<void> | undefined
  let isStirred = false
  let silence: (() => void) | undefined

  const carry = async (webhook: Webhook, claim: Claim): Promise<void> => {
    underWay.set(webhook.id, (underWay.get(webhook.id) ?? 0) + 1)
    try {
      await settle(await tryOne(webhook, claim, options))
    } finally {
      underWay.set(webhook.id, underWay.get(webhook.id)! - 1)
      stir()
    }
  }

  const turn = async (): Promise<number> => {
    const webhooks = new Map((await views.webhooks()).map((webhook) => [webhook.id, webhook]))
    const able = [...webhooks.values()]
      .map(({ id, state }) => ({ webhook: id, slots: state === 'on' ? SLOTS - (underWay.get(id) ?? 0) : 0 }))
      .filter(({ slots }) => slots > 0)
    const areDue = await Promise.all(able.map(({ webhook }) => views.isDue(webhook, now())))
    const free = able.filter((_, n) => areDue[n])
    if (free.length === 0) return 0
    const claims = await outbox.claim({ now: now(), until: now() + LEASE, free })
    for (const claim of claims) {
      const work = carry(webhooks.get(claim.webhook)!, claim).finally(() => running.delete(work))
      running.add(work)
    }
    return claims.length
  }

  const run = async (): Promise<void> => {
    while (isStirred && !isStopped) {
      isStirred = false
      await turn().catch((error) => log(`The outbox could not be read: ${error}`))
      await new Promise((resolve) => setTimeout(resolve, running.size > 0 ? BUSY_REST : REST))
    }
    turning = undefined
  }

  const stir = (): void => {
    isStirred = true
    if (silence) turning ??= run()
  }

  return {
    turn,
    idle: async () => {
      while (running.size > 0) await Promise.all(running)
    },
    start: (onPulse) => {
      const unsubscribe = onPulse(stir)
      const timer = setInterval(stir, LOOK_EVERY)
      silence = () => {
        unsubscribe()
        clearInterval(timer)
      }
      stir()
    },
    stop: async () => {
      isStopped = true
      silence?.()
      // What a turn has claimed is among what is running when it ends.
      const idle = Promise.resolve(turning).then(() => Promise.all(running))
      await Promise.race([idle, new Promise((resolve) => setTimeout(resolve, GRACE).unref())])
    },
  }
}

const tryOne = async (webhook: Webhook, claim: Claim, options: RelayOptions): Promise<Settlement> => {
  const { planFor, send, now, dice, log } = options
  const { seq, id, body } = claim
  const order: Order = { id, body, message: JSON.parse(body) as Message, now: now() }
  const verdict = await follow(planFor(webhook, order), send).catch((error): Verdict => {
    log(`A message to a receiver of kind ${webhook.kind} could not be made: ${error.stack}`)
    return { is: 'failed', outcome: 'the message could not be made; the collector’s log says why' }
  })
  const tries = claim.tries + 1
  const next = nextTry({ tries, verdict, now: now(), dice: dice() })
  return { webhook: webhook.id, seq, tries, triedAt: now(), ...next }
}

/** Sends what a plan says, request by request, until it has come to a verdict. */
export const follow = async (plan: Plan | undefined, send: Send): Promise<Verdict> => {
  if (!plan) return { is: 'failed', outcome: 'its settings cannot be read: LEADLIGHT_SECRET is another than before' }
  let step = plan.next()
  while (!step.done) step = plan.next(await send(step.value))
  return step.value
}

/** Writes down what became of tries, those that end together in one go. Resolves when it is written. */
const createSettling = ({ settle }: RelayOptions['outbox'], log: RelayOptions['log']) => {
  let waiting: Settlement[] = []
  let writing: Promise<void> | undefined
  const write = async (): Promise<void> => {
    await new Promise(setImmediate)
    const some = waiting
    waiting = []
    writing = undefined
    // What cannot be written down is tried again when its lease ends.
    await settle(some).catch((error) => log(`What became of ${some.length} messages could not be kept: ${error}`))
  }
  return (settlement: Settlement): Promise<void> => {
    waiting.push(settlement)
    writing ??= write()
    return writing
  }
}
