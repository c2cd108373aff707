/** Everything that is held of a person: asked for, and handed to the browser as a file. */
import { type Answer, get, visitorPath } from '../api.ts'

export const saveDossier = async (id: string): Promise<Answer<unknown>> => {
  const answer = await get<unknown>(`${visitorPath(id)}/export`)
  if (answer.ok) {
    const file = new Blob([JSON.stringify(answer.value, null, 2)], { type: 'application/json' })
    const link = Object.assign(document.createElement('a'), {
      href: URL.createObjectURL(file),
      download: 'person.json',
    })
    link.click()
    URL.revokeObjectURL(link.href)
  }
  return answer
}
