/** The corner panel: the visitor's own score, stage and last signals, live from /demo/live. One file, as it is served. */

/** Beside the folder of this file: /demo/live */
const LIVE = '../live'
const KEY = 'leadlight.visitor'
const FOLDED = 'demo.panel'
/** Below this width the panel starts as a pill, so that it covers nothing. */
const ROOM = 1100

const panel = Object.assign(document.createElement('aside'), { className: 'leadlight-panel' })
panel.setAttribute('aria-label', 'Your score')
panel.dataset.ignore = ''
panel.innerHTML = `
  <button type="button" class="p-toggle" aria-controls="p-body">
    <span class="p-label">What the collector sees</span>
    <span class="p-mini">0</span><span class="p-mini-stage">your score</span><span class="p-sign" aria-hidden="true"></span>
  </button>
  <div class="p-body" id="p-body">
    <div class="p-number">
      <span class="p-score" id="p-score">0</span>
      <p class="p-where"><b id="p-stage">Nobody yet</b><span id="p-qualification"></span></p>
    </div>
    <div class="p-bar"><i></i></div>
    <p class="p-soft" id="p-hint" hidden></p>
    <ol class="p-signals" id="p-signals"></ol>
    <div class="p-foot">
      <button type="button" class="p-new-visitor">New visitor</button>
      <a href="/">See it in the dashboard</a>
    </div>
  </div>
  <p class="p-heard" aria-live="polite"></p>`

const part = (selector) => panel.querySelector(selector)
const toggle = part('.p-toggle')

/** Storage may be denied; then nothing is remembered, and nothing breaks. */
const storage = (act) => {
  try {
    return act(localStorage) ?? undefined
  } catch {
    return undefined
  }
}

const fold = (folded) => {
  panel.classList.toggle('p-collapsed', folded)
  toggle.setAttribute('aria-expanded', String(!folded))
}

const hint = (text) => {
  part('#p-hint').textContent = text
  part('#p-hint').hidden = text === ''
}

const points = (applied) => (applied > 0 ? `+${round(applied)}` : applied < 0 ? `−${round(-applied)}` : '0')
const round = (number) => String(Math.round(number * 10) / 10)

const row = ({ signal, applied, rule }) => {
  const item = document.createElement('li')
  const worth = Object.assign(document.createElement('b'), { textContent: points(applied) })
  worth.className = applied < 0 ? 'p-less' : applied === 0 ? 'p-none' : ''
  item.append(worth, Object.assign(document.createElement('code'), { textContent: signal }))
  item.title = applied === 0 ? `${rule} (its group is full)` : rule
  return item
}

let newest

const showSignals = (signals) => {
  const rows = signals.map(row)
  const known = newest === undefined ? 0 : signals.findIndex(({ at, signal }) => `${at} ${signal}` === newest)
  for (const item of rows.slice(0, known < 0 ? rows.length : known)) item.classList.add('p-new')
  part('#p-signals').replaceChildren(...rows)
  newest = signals[0] ? `${signals[0].at} ${signals[0].signal}` : ''
}

const setText = (selector, text) => {
  if (part(selector).textContent !== text) part(selector).textContent = text
}

const show = ({ score, stage, funnel, qualification, signals }) => {
  const shown = score.toFixed(1)
  setText('#p-score', shown)
  setText('.p-mini', shown)
  setText('.p-mini-stage', stage)
  setText('#p-stage', stage)
  setText('#p-qualification', `${funnel} · ${qualification}`)
  part('.p-bar').style.setProperty('--score', `${Math.min(100, score)}%`)
  const heard = `${Math.round(score)} points, ${stage}, ${qualification}`
  setText('.p-heard', signals[0] ? `${heard}. Last: ${signals[0].signal}` : heard)
  showSignals(signals)
  hint(signals.length === 0 ? 'Nothing scored yet. Open the pricing page, or watch the film on the product page.' : '')
}

let stream
let listening
let asking

const listen = (visitor) => {
  stream?.close()
  listening = visitor
  stream = new EventSource(`${new URL(LIVE, import.meta.url)}?visitor=${visitor}`)
  stream.addEventListener('me', ({ data }) => show(JSON.parse(data)))
}

const visitorId = () => {
  const id = storage((local) => local.getItem(KEY))
  return /^[0-9a-z]{10,32}$/.test(id ?? '') ? id : undefined
}

const refuses = () => navigator.globalPrivacyControl === true || navigator.doNotTrack === '1'

/** The snippet writes the id when it has run; until then, ask again, less and less often. */
const seek = (wait = 100) => {
  clearTimeout(asking)
  if (document.hidden) return
  const visitor = visitorId()
  if (visitor) return visitor === listening && stream?.readyState < 2 ? undefined : listen(visitor)
  if (wait > 1500)
    hint(
      refuses()
        ? 'Your browser asks not to be tracked, so nothing is recorded.'
        : 'No visitor id yet: the snippet has not run, or may not store one.',
    )
  asking = setTimeout(seek, wait, Math.min(wait * 2, 5000))
}

/** A hidden page gives its connection back: browsers allow six to a host. */
const rest = () => {
  stream?.close()
  stream = undefined
  listening = undefined
}

toggle.addEventListener('click', () => {
  const folded = !panel.classList.contains('p-collapsed')
  fold(folded)
  storage((local) => local.setItem(FOLDED, folded ? 'folded' : 'open'))
})

panel.addEventListener('keydown', ({ key }) => {
  if (key !== 'Escape' || panel.classList.contains('p-collapsed')) return
  toggle.click()
  toggle.focus()
})

part('.p-new-visitor').addEventListener('click', () => {
  rest()
  if (typeof window.leadlight === 'function') window.leadlight('reset')
  else storage((local) => local.removeItem(KEY))
  location.reload()
})

document.addEventListener('visibilitychange', () => (document.hidden ? rest() : seek()))
addEventListener('pagehide', rest)
addEventListener('pageshow', ({ persisted }) => persisted && seek())

const wish = storage((local) => local.getItem(FOLDED))
fold(innerWidth < ROOM ? wish !== 'open' || innerWidth < 720 : wish === 'folded')
document.body.append(panel)
hint('Waiting for the snippet …')
seek()
