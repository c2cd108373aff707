/** An address that somebody else wrote: a link if it is plainly one of the web, else text. */

const webAddress = (url: string): URL | undefined => {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  return parsed?.protocol === 'https:' || parsed?.protocol === 'http:' ? parsed : undefined
}

/** Host and path are what tells a page; a long query is not read. */
const short = ({ host, pathname, search }: URL): string => `${host}${pathname}${search.length > 40 ? '?…' : search}`

export const WebLink = ({ url }: { url: string }) => {
  const address = webAddress(url)
  if (!address) return <bdi class="address">{url}</bdi>
  return (
    <a class="address" href={address.href} title={address.href} target="_blank" rel="noreferrer noopener">
      <bdi>{short(address)}</bdi>
    </a>
  )
}
