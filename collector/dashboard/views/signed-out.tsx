/** The session is over: how to get another. */
import { Copy } from '../parts/copy.tsx'
import { t } from '../strings/language.ts'

export const SignedOutView = () => (
  <main class="alone">
    <div class="notice">
      <h1>{t.signedOut.title}</h1>
      <p>{t.signedOut.lead}</p>
      <Copy text={t.signedOut.command} label={t.signedOut.copy} />
      <p class="soft">{t.signedOut.again}</p>
    </div>
  </main>
)
