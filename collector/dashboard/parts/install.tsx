/** The tag to copy, for each platform, and whether it works: waits for the first event, and says why one was refused. */
import { useState } from 'preact/hooks'
import type { Site } from '../api.ts'
import { PLATFORMS, type Platform, tagOn } from '../install.ts'
import { t } from '../strings/language.ts'
import { Copy } from './copy.tsx'
import { FirstEvent } from './first-event.tsx'

const Platforms = ({ chosen, choose }: { chosen: Platform; choose: (platform: Platform) => void }) => (
  <fieldset class="tabs">
    <legend class="unseen">{t.setup.platform}</legend>
    {PLATFORMS.map((platform) => (
      <label key={platform}>
        <input
          type="radio"
          name="platform"
          class="unseen"
          checked={platform === chosen}
          onChange={() => choose(platform)}
        />
        <span>{t.setup.platforms[platform]}</span>
      </label>
    ))}
  </fieldset>
)

export const Install = ({ sites }: { sites: readonly Site[] }) => {
  const [name, setName] = useState('')
  const [platform, setPlatform] = useState<Platform>('html')
  const site = sites.find((each) => each.name === name) ?? sites[0]
  if (!site) return null
  return (
    <section class="card install">
      <h2>{t.setup.install}</h2>
      <div class="head">
        <Platforms chosen={platform} choose={setPlatform} />
        {sites.length > 1 && (
          <label class="field">
            <span>{t.filter.site}</span>
            <select value={site.name} onChange={({ currentTarget }) => setName(currentTarget.value)}>
              {sites.map((each) => (
                <option key={each.key}>{each.name}</option>
              ))}
            </select>
          </label>
        )}
      </div>
      <p class="soft">{t.setup.how[platform]}</p>
      <Copy text={tagOn(platform, site, location.origin)} label={t.empty.copy} />
      <FirstEvent key={site.name} site={site.name} />
    </section>
  )
}
