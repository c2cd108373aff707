/** Everything to get going and to keep it going: the tag, sites, keys, receivers, privacy, what was refused, and health. */
import { AuditCard } from '../parts/audit-card.tsx'
import { Health } from '../parts/health.tsx'
import { Install } from '../parts/install.tsx'
import { KeysCard } from '../parts/keys-card.tsx'
import { RejectedCard } from '../parts/rejected-card.tsx'
import { useTitle } from '../parts/report-head.tsx'
import { RequestsCard } from '../parts/requests-card.tsx'
import { SampleCard } from '../parts/sample.tsx'
import { SitesCard } from '../parts/sites-card.tsx'
import { WebhooksCard } from '../parts/webhooks-card.tsx'
import { ownSites, sites } from '../state/sites.ts'
import { t } from '../strings/language.ts'

export const SetupView = () => {
  useTitle(t.nav.setup)
  return (
    <div class="report">
      <div class="head">
        <div>
          <h1>{t.nav.setup}</h1>
          <p>{t.setup.lead}</p>
        </div>
      </div>
      <div class="columns">
        <div class="story">
          <Install sites={ownSites(sites.value)} />
          <SitesCard />
          <KeysCard />
          <WebhooksCard />
          <RequestsCard />
          <AuditCard />
        </div>
        <div class="facts">
          <Health />
          <SampleCard />
          <RejectedCard />
        </div>
      </div>
    </div>
  )
}
