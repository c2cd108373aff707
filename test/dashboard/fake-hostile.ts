/** A made-up visitor who means harm. */
import { type FakePerson, makePerson } from './fake-people.ts'

const EVIL = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'

/** Somebody who fills everything a visitor can fill with what should never be obeyed. */
export const makeHostile = (now: number): FakePerson => {
  const person = makePerson(2, now - 60_000)
  const { visitor } = person
  const bad = 'javascript:window.hacked=1'
  const reversed = `\u202Egnp.exe ${EVIL}`
  Object.assign(visitor, { id: 'hostile-\'"<b>&#%/..', account: EVIL, flags: [EVIL, 'constructor'], priority: EVIL })
  visitor.traits = { name: reversed, email: EVIL, company: EVIL.repeat(20), [EVIL]: { deep: [EVIL] }, constructor: bad }
  visitor.fit.reasons = [EVIL]
  visitor.next = { content: bad, why: EVIL }
  visitor.source.last = {
    at: visitor.lastSeen,
    medium: EVIL,
    source: EVIL,
    campaign: EVIL,
    referrer: bad,
    landing: bad,
  }
  visitor.why = [{ signal: EVIL, value: 9 }, { signal: '__proto__', value: 5 }, ...visitor.why]
  for (const row of person.rows) Object.assign(row, { url: bad, title: EVIL, rule: EVIL })
  const deliveries = [{ kind: EVIL, label: reversed, state: 'pending' as const }]
  for (const type of [EVIL, 'constructor'])
    person.timeline.push({ kind: 'handoff', at: visitor.lastSeen, id: EVIL + type, type, deliveries })
  for (const item of person.timeline) {
    if (item.kind === 'event')
      Object.assign(item, { url: bad, title: EVIL, detail: EVIL, topic: EVIL, type: 'toString' })
    if (item.kind === 'transition') Object.assign(item, { rule: EVIL, from: EVIL })
  }
  return person
}
