/** The tour as a single-page application: a step's page is fetched and takes the place of the one shown. */

/** Steps already seen, by address: going back shows them at once. */
const seen = new Map([[location.href, document.documentElement.outerHTML]])

const load = async (url) => {
  const answer = await fetch(url)
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`)
  seen.set(url, await answer.text())
}

/** Takes what differs between steps (text with its tag, title, disclosure) out of the page at `url`. */
const show = (url) => {
  const next = new DOMParser().parseFromString(seen.get(url), 'text/html')
  document.title = next.title
  for (const part of ['main', '#tagging']) {
    document.querySelector(part).replaceWith(document.adoptNode(next.querySelector(part)))
  }
  document.querySelector('h1').focus({ preventScroll: true })
  scrollTo(0, 0)
}

const plain = (event) => event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)

addEventListener('click', async (event) => {
  const link = event.target.closest?.('a[data-step]')
  if (!link || !plain(event)) return
  event.preventDefault()
  try {
    if (!seen.has(link.href)) await load(link.href)
    show(link.href)
    history.pushState({}, '', link.href)
  } catch {
    location.assign(link.href)
  }
})

addEventListener('popstate', () => (seen.has(location.href) ? show(location.href) : location.reload()))
