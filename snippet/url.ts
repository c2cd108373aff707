/** Addresses without secrets: no credentials, no hash, and of the query only what tells where a visit came from. */
import { options } from './options.ts'

/**
 * Parameters other than campaigns and click ids, and those that hold an address of e-mail. What names a person is not
 * among the click ids.
 */
const SECRET = /[?&](?!(utm_|gad_|ref=|\w*(clk?|_c|fat_|slt)id=|.braid=)(?![^&]*(@|%40)))[^&]*/g

/** An http or https address made absolute; nothing for any other, or none. */
export const clean = (address: string): string | undefined => {
  const { host, origin, pathname, search, hash } = new URL(address, document.baseURI)
  if (address && host) {
    return origin + pathname + search.replace(SECRET, '').replace(/^&/, '?') + (options.hash ? hash.split('?')[0] : '')
  }
}
