/** A secret that is shown once. */
import { t } from '../strings/language.ts'
import { Copy } from './copy.tsx'
import { Dialog } from './dialog.tsx'

/** `lead` says how it is kept, where that is not by its hash. */
export const Secret = ({ text, lead, close }: { text: string; lead?: string; close: () => void }) => (
  <Dialog title={t.setup.secret} lead={lead ?? t.setup.secretLead} close={close}>
    <Copy text={text} label={t.signedOut.copy} />
  </Dialog>
)
