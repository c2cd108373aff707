/** A look at what sales would get: why now, what they read, what they searched for. */
import { useState } from 'preact/hooks'
import type { Packet as Answer } from '../packet.ts'
import { t } from '../strings/language.ts'
import { withMoments } from '../time.ts'
import { Card } from './card.tsx'
import { Dialog } from './dialog.tsx'
import { WebLink } from './web-link.tsx'

const SHOWN = 5

const Read = ({ content }: Pick<Answer, 'content'>) => (
  <ul class="reasons">
    {content.slice(0, SHOWN).map(({ title, url, times }) => (
      <li key={url + title}>
        {title ? <bdi>{title}</bdi> : <WebLink url={url} />} × {times}
      </li>
    ))}
  </ul>
)

const Whole = ({ packet, close }: { packet: Answer; close: () => void }) => (
  <Dialog title={t.packet.title} lead={t.packet.lead} close={close}>
    <pre class="document">{JSON.stringify(packet, null, 2)}</pre>
  </Dialog>
)

export const Packet = ({ packet }: { packet: Answer }) => {
  const [opened, setOpened] = useState(false)
  const { whyNow, content, searches } = packet
  return (
    <Card title={t.packet.title}>
      <ul>
        {whyNow.map((why) => (
          <li key={why}>
            <bdi>{withMoments(why)}</bdi>
          </li>
        ))}
      </ul>
      {content.length > 0 && (
        <>
          <h3>{t.packet.content}</h3>
          <Read content={content} />
        </>
      )}
      {searches.length > 0 && (
        <>
          <h3>{t.packet.searches}</h3>
          <p>
            <bdi>
              {searches
                .slice(0, SHOWN)
                .map(({ query }) => `“${query}”`)
                .join(' · ')}
            </bdi>
          </p>
        </>
      )}
      <p>
        <button type="button" class="small" onClick={() => setOpened(true)}>
          {t.packet.open}
        </button>
      </p>
      {opened && <Whole packet={packet} close={() => setOpened(false)} />}
    </Card>
  )
}
