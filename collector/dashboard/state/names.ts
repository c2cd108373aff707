/** Who they are of whom a result tells no more than the id: asked for when they are to be shown, so as they are now. */
import { useEffect, useState } from 'preact/hooks'
import { getVisitors } from '../api.ts'
import { type Identity, identityOf } from '../person.ts'

/** The collector takes no more at once. */
const AT_ONCE = 100

type Names = ReadonlyMap<string, Identity>

const ask = async (ids: readonly string[]): Promise<Names> => {
  const answer = await getVisitors(new URLSearchParams({ ids: ids.slice(0, AT_ONCE).join(',') }))
  return new Map(answer.ok ? answer.value.items.map((visitor) => [visitor.id, identityOf(visitor)]) : [])
}

/** By id, without those who are no more; undefined until they are known. */
export const useNames = (ids: readonly string[]): Names | undefined => {
  const [names, setNames] = useState<Names>()
  useEffect(() => {
    let isWanted = true
    setNames(undefined)
    void ask(ids).then((found) => isWanted && setNames(found))
    return () => {
      isWanted = false
    }
  }, [ids.join()])
  return names
}
