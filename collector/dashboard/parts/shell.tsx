/** What is around every view: the bar on top, the banner while offline, and the view that the address names. */
import { useComputed } from '@preact/signals'
import { signedOut } from '../api.ts'
import { useArrival } from '../arrival.ts'
import { connection } from '../live.ts'
import { matchPath, place } from '../router.ts'
import { scopedHref, scopeOf } from '../state/scope.ts'
import { t } from '../strings/language.ts'
import { CompaniesView } from '../views/companies.tsx'
import { CompanyView } from '../views/company.tsx'
import { ContentView } from '../views/content.tsx'
import { FunnelView } from '../views/funnel.tsx'
import { ListView } from '../views/list.tsx'
import { MissingView } from '../views/missing.tsx'
import { ModelView } from '../views/model.tsx'
import { SetupView } from '../views/setup.tsx'
import { SignedOutView } from '../views/signed-out.tsx'
import { VisitorView } from '../views/visitor.tsx'
import { Brand } from './brand.tsx'
import { Offline } from './offline.tsx'
import { Preferences } from './preferences.tsx'
import { Pulse } from './pulse.tsx'
import { SiteSwitch } from './site-switch.tsx'

/** The first pattern that fits decides. */
const VIEWS = [
  { pattern: '/', View: ListView },
  { pattern: '/visitors/:id', View: VisitorView },
  { pattern: '/funnel', View: FunnelView },
  { pattern: '/companies', View: CompaniesView },
  { pattern: '/companies/:id', View: CompanyView },
  { pattern: '/content', View: ContentView },
  { pattern: '/model', View: ModelView },
  { pattern: '/model/:id', View: ModelView },
  { pattern: '/setup', View: SetupView },
] as const

const NAVIGATION = [
  { path: '/', label: t.nav.now },
  { path: '/funnel', label: t.nav.funnel },
  { path: '/companies', label: t.nav.companies },
  { path: '/content', label: t.nav.content },
  { path: '/model', label: t.nav.model },
  { path: '/setup', label: t.nav.setup },
] as const

const viewAt = (path: string) => {
  for (const { pattern, View } of VIEWS) {
    const found = matchPath(pattern, path)
    if (found) return <View key={path} id={found.id ?? ''} />
  }
  return <MissingView message={t.failure.noPage} />
}

/** A page below another belongs to it: `/companies/acme` to Companies. */
const isWithin = (path: string, to: string): boolean => path === to || (to !== '/' && path.startsWith(`${to}/`))

const Navigation = ({ path }: { path: string }) => {
  const scope = scopeOf(place.value.query)
  return (
    <nav aria-label={t.nav.label}>
      {NAVIGATION.map(({ path: to, label }) => (
        <a key={to} href={scopedHref(to, scope)} aria-current={isWithin(path, to) ? 'page' : undefined}>
          {label}
        </a>
      ))}
    </nav>
  )
}

/** A button, as a link to `#content` would be taken for a route. */
const toContent = (): void => document.getElementById('content')?.focus()

export const Shell = () => {
  const path = useComputed(() => place.value.path).value
  useArrival(path)
  if (signedOut.value) return <SignedOutView />
  return (
    <>
      <button type="button" class="skip" onClick={toContent}>
        {t.skip}
      </button>
      <header class="bar">
        <Brand />
        <Navigation path={path} />
        <div class="tools">
          <Pulse connection={connection.value} />
          <SiteSwitch />
          <Preferences />
        </div>
      </header>
      <Offline connection={connection.value} />
      <main id="content" tabIndex={-1}>
        {viewAt(path)}
      </main>
    </>
  )
}
