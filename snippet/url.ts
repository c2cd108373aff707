/** Addresses without secrets: no credentials, no hash, and of the query only what tells where a visit came from. */
import { isOn, options } from './options.ts'
import { safe } from './safe.ts'

/** Campaign parameters and click ids, unless they hold an address of e-mail. What names a person is not among them. */
const KEPT = /^(utm_\w+|gad_\w+|ref|hsa_kw|_hsmi|\w*(clk?|[tc]_?c|slt|fat_)id|gclsrc|[gw]braid|epik)=(?!.*(@|%40))/i

/** An http or https address made absolute; empty for any other, or none. */
export const clean = safe((address: string): string => {
  const { host, origin, pathname, search, hash } = new URL(address, document.baseURI)
  const kept = search
    .slice(1)
    .split('&')
    .filter((pair) => KEPT.test(pair))
    .join('&')
  return address && host && origin + pathname + (kept && `?${kept}`) + (isOn(options.hash) ? hash.split('?')[0] : '')
})
