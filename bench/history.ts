/** Made-up visitors: sessions of people who read, compare, come back, sometimes ask; the same ones at every run. */
import type { VisitorEvent } from '../shared/event.ts'

/** A deterministic die: mulberry32. */
export const createDie = (seed = 1): (() => number) => {
  let a = seed
  return () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** An event, and whose it is: 0 to visitors − 1. */
export interface Happening {
  readonly visitor: number
  readonly event: VisitorEvent
}

const START = Date.UTC(2026, 0, 5)
/** How far apart sessions lie at most, in ms. */
const SPREAD = 20 * 86_400_000
const PATHS = [
  ...'/ /blog/untested-backups /blog/ransomware /blog/restore-drill /guides/plan /product /features /solutions/office'.split(
    ' ',
  ),
  ...'/pricing /compare/others /case-studies/tern /customers/hollins /docs/setup /faq /careers /request-demo'.split(
    ' ',
  ),
]
const QUERIES = ['backup software', 'improve restore time', 'pricing', 'reviews', 'order status', 'buy appliance']

/** About `count` events in the order in which they happen, spread over ninety days. */
export function* happenings(visitors: number, count: number): Generator<Happening> {
  const die = createDie()
  const step = (90 * 86_400_000) / count
  let made = 0
  let id = 0
  const nextId = (): string => {
    id += 1
    return `01HZX${String(id).padStart(16, '0')}`
  }
  while (made < count) {
    const visitor = Math.floor(die() ** 1.5 * visitors)
    const at = Math.round(START + made * step)
    const session = sessionOf(die, { at, visitor, nextId })
    for (const event of session) yield { visitor, event }
    made += session.length
  }
}

/** The same kind of people, about `count` events in all: one visitor after the other, each with all they ever did. */
export function* histories(visitors: number, count: number): Generator<readonly Happening[]> {
  const die = createDie()
  let made = 0
  let id = 0
  const nextId = (): string => {
    id += 1
    return `01HZY${String(id).padStart(16, '0')}`
  }
  for (let visitor = 0; visitor < visitors; visitor += 1) {
    const share = ((visitor + 1) * count) / visitors
    const history: Happening[] = []
    for (let at = START + die() * SPREAD; history.length === 0 || made + history.length < share; at += die() * SPREAD)
      for (const event of sessionOf(die, { at: Math.round(at), visitor, nextId })) history.push({ visitor, event })
    made += history.length
    yield history
  }
}

interface Beginning {
  readonly at: number
  readonly visitor: number
  readonly nextId: () => string
}

const sessionOf = (die: () => number, { at, visitor, nextId }: Beginning): readonly VisitorEvent[] => {
  const pages = 1 + Math.floor(die() * 4)
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(die() * items.length)]!
  return Array.from({ length: pages }, (_, i): readonly VisitorEvent[] => {
    const time = at + i * 40_000
    const view = nextId()
    const arrival = i === 0 && die() < 0.2 ? '?utm_source=news&utm_medium=email&utm_campaign=spring' : ''
    const own = (after: number) => ({ id: nextId(), at: time + after, source: 'browser', view }) as const
    const title = 'Backup appliances for small offices'
    return [
      {
        ...own(0),
        type: 'page',
        url: `https://shop.example${pick(PATHS)}${arrival}`,
        title,
        referrer: 'https://search.example/',
      },
      {
        ...own(30_000),
        type: 'engagement',
        view,
        seconds: Math.round(die() * 600) / 10,
        scroll: Math.round(die() * 100),
      },
      ...(die() < 0.05 ? [{ ...own(31_000), type: 'search', query: pick(QUERIES) } as const] : []),
      ...(die() < 0.03
        ? [{ ...own(32_000), type: 'download', url: 'https://shop.example/guide.pdf', funnel: 'mofu' } as const]
        : []),
      ...(die() < 0.02
        ? [{ ...own(33_000), type: 'identify', traits: { email: `v${visitor}@acme${visitor % 999}.example` } } as const]
        : []),
      ...(die() < 0.01
        ? [{ ...own(34_000), type: 'form', form: 'demo', step: 'submit', signal: 'demo_request' } as const]
        : []),
    ]
  }).flat()
}
