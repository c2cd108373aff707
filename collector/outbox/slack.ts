/** Slack, by an incoming webhook: a message that is read at a glance. What strangers wrote calls and formats nothing. */
import type { Message } from '../../shared/message.ts'
import type { Packet } from '../../shared/packet.ts'
import { readable, titleOf } from '../../shared/packet-text.ts'
import { delivered, type Order, type Plan, verdictOf } from './plan.ts'

export interface SlackSettings {
  readonly url: string
}

export const planSlack = function* ({ message, now }: Order, { url }: SlackSettings): Plan {
  const body = JSON.stringify(slackMessage(message))
  const reply = yield { method: 'POST', url, headers: { 'content-type': 'application/json' }, body }
  const verdict = verdictOf(reply, now)
  return verdict.is === 'delivered' ? delivered('Slack took it') : verdict
}

/** Slack's own limits, in characters. */
const MOST = { header: 150, field: 2000, text: 3000 } as const

/** The three signs that mean something to Slack: behind them it calls people, and makes links. */
export const inertMrkdwn = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const plain = (text: string, most: number) => ({ type: 'plain_text', emoji: false, text: cut(text, most) })
const cut = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1)}…`.toWellFormed()

export const slackMessage = ({ type, data }: Message) => {
  const { visitor, change, packet } = data
  const who = packet ? titleOf(packet) : nameOf(visitor.traits, visitor.account ?? visitor.id.slice(0, 8))
  const head = `${type === 'webhook.test' ? 'Test: ' : ''}${HEADS[change.to] ?? change.to}: ${who}`
  const fields = [
    `Score ${visitor.score} (${visitor.priority}, ${visitor.momentum})`,
    `Stage ${visitor.stage}`,
    ...(visitor.owner ? [`Owner ${visitor.owner.name}`] : []),
    ...(packet ? [`Why: ${packet.whyNow.slice(0, 2).map(readable).join('; ')}`] : [`Because: ${change.rule}`]),
    `Next: ${visitor.next.content}`,
  ]
  return {
    text: inertMrkdwn(cut(head, MOST.header)), // what a notification shows
    blocks: [
      { type: 'header', text: plain(head, MOST.header) },
      { type: 'section', fields: fields.map((field) => plain(field, MOST.field)) },
      ...(packet ? reading(packet) : []),
    ],
  }
}

const HEADS: Readonly<Record<string, string>> = {
  mql: 'New MQL',
  sql: 'New SQL',
  customer: 'New customer',
  expansion: 'A customer may want more',
  sla_warning: 'Soon too late to answer',
  sla_breached: 'Nobody has answered',
}

const reading = ({ content, link }: Packet) => [
  ...(content.length === 0
    ? []
    : [
        {
          type: 'section',
          text: plain(
            content
              .slice(0, 5)
              .map(({ title, url, times }) => `${title || url} (${times}×)`)
              .join('\n'),
            MOST.text,
          ),
        },
      ]),
  ...(link === null
    ? []
    : [{ type: 'section', text: { type: 'mrkdwn', text: `<${inertMrkdwn(link)}|Open in Leadlight>` } }]),
]

const nameOf = (traits: Message['data']['visitor']['traits'], other: string): string =>
  [traits.name, traits.email].find((each) => typeof each === 'string' && each !== '')?.toString() ?? other
