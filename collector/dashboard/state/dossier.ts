/** Everything that is held of a person: asked for, and handed to the browser as a file. */
import { type Answer, get, visitorPath } from '../api.ts'
import { saveText } from '../csv.ts'
import { noteDeed } from './deeds.ts'

export const saveDossier = async (id: string): Promise<Answer<unknown>> => {
  const answer = await get<unknown>(`${visitorPath(id)}/export`)
  if (!answer.ok) return answer
  saveText('person.json', JSON.stringify(answer.value, null, 2), 'application/json')
  // Only reading, but nothing that is read without a trace.
  noteDeed()
  return answer
}
