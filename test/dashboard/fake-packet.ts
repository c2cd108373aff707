/** What sales would get of a made-up visitor. */
import type { Packet } from '../../collector/dashboard/packet.ts'
import type { FakePerson } from './fake-people.ts'

export const packetOf = ({ visitor, rows }: FakePerson): Packet => ({
  owner: visitor.account ? { name: 'Robin Sale', email: 'robin@example.com' } : null,
  consent: visitor.account ? 'granted' : null,
  whyNow: visitor.why.slice(0, 2).map(({ signal }) => `Did ${signal.replaceAll('_', ' ')} lately`),
  content: rows.slice(0, 3).map(({ title = '', url = '' }, i) => ({ title, url, times: 3 - i })),
  searches: [{ query: visitor.account ?? 'backup software comparison', times: 2 }],
  lastFeedback: visitor.account ? { verdict: 'contacted', reason: null, at: visitor.lastSeen } : null,
  next: visitor.next,
  link: null,
})
