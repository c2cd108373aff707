/** On-site search: what the address of this page says was searched for. */
import { searchName } from './options.ts'

export const searchedFor = (): string | undefined =>
  [...new URL(location.href).searchParams].find(([name, query]) => query && searchName.test(name))?.[1]
