/** Whom a name leads to, on every site: an e-mail address, also one they had before, a user id, an id. */
import type { Visitor } from '../../../shared/answer.ts'
import { type Answer, get, visitorPath } from '../api.ts'
import { sites } from './sites.ts'

/** Not found is an answer; anything else that fails is a failure, lest it look as if nothing were held. */
export const findPeople = async (name: string): Promise<Answer<readonly Visitor[]>> => {
  const asked = sites.value.map((site) =>
    get<Visitor>(`${visitorPath(name)}?${new URLSearchParams({ site: site.name })}`),
  )
  const answers = await Promise.all(asked)
  const failure = answers.find((answer) => !answer.ok && !answer.missing)
  if (failure && !failure.ok) return failure
  return { ok: true, value: answers.flatMap((answer) => (answer.ok ? [answer.value] : [])) }
}
