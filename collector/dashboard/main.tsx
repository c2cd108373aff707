/** The dashboard: starts clock, router and live stream, and draws the page. */
import { render } from 'preact'
import { listen, onReturn } from './live.ts'
import './main.css'
import { Shell } from './parts/shell.tsx'
import { startRouter } from './router.ts'
import { reloadList } from './state/list.ts'
import { receive } from './state/receive.ts'
import { loadSites } from './state/sites.ts'
import { refreshVisitor } from './state/visitor.ts'
import { language, t } from './strings/language.ts'
import { startTheme } from './theme.ts'
import { startClock } from './time.ts'

/** Scores fade while nobody does anything, so what is shown is asked for anew this often. */
const REFRESH_MS = 5 * 60 * 1000

const refresh = (): void => {
  void reloadList()
  void refreshVisitor()
}

document.documentElement.lang = language
document.documentElement.dir = t.direction
startTheme()
startRouter()
startClock()
void loadSites()
onReturn(refresh)
listen(receive)
setInterval(() => {
  if (!document.hidden) refresh()
}, REFRESH_MS)
render(<Shell />, document.getElementById('app')!)
