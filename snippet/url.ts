/** Addresses without secrets: no credentials, no hash, and of the query only what tells where a visit came from. */
import { options } from './options.ts'

/** Campaign parameters and click ids, unless they hold an address of e-mail. What names a person is not among them. */
const KEPT = /^(utm_|gad_|ref=|\w*(clk?|_c|fat_|slt)id=|.braid=)(?!.*(@|%40))/

/** An http or https address made absolute; empty for any other, or none. */
export const clean = (address: string): string => {
  const url = new URL(address, document.baseURI)
  url.search = url.search
    .slice(1)
    .split('&')
    .filter((pair) => KEPT.test(pair))
    .join('&')
  return address && url.host && url.origin + url.pathname + url.search + (options.hash ? url.hash.split('?')[0] : '')
}
