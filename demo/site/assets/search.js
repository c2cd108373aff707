/** On-site search: looks through /demo/search.json for the words of ?q= */

const query = new URLSearchParams(location.search).get('q')?.trim() ?? ''
const words = query.toLowerCase().split(/\s+/).filter(Boolean)

const count = (text, word) => text.toLowerCase().split(word).length - 1

/** A word in the title weighs ten times one in the text. */
const weight = (page) =>
  words.reduce(
    (sum, word) =>
      sum + 10 * count(page.title, word) + 4 * count(page.about, word) + Math.min(5, count(page.text, word)),
    0,
  )

const element = (name, text) => Object.assign(document.createElement(name), { textContent: text })

const result = (page) => {
  const link = Object.assign(element('a', page.title), { href: page.url })
  const heading = document.createElement('h2')
  heading.append(link)
  const item = document.createElement('li')
  item.append(heading, element('p', page.about), element('p', page.url))
  item.lastChild.className = 'small'
  return item
}

const said = (found) =>
  found === 0 ? `Nothing about “${query}”.` : `${found} ${found === 1 ? 'page' : 'pages'} about “${query}”`

if (words.length > 0) {
  document.getElementById('q').value = query
  const pages = await (await fetch('/demo/search.json')).json()
  const found = pages.filter((page) => weight(page) > 0).sort((a, b) => weight(b) - weight(a))
  document.getElementById('search-results').replaceChildren(...found.slice(0, 8).map(result))
  document.getElementById('search-count').textContent = said(found.length)
}
