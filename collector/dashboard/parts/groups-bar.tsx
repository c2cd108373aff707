/** What the score is made of: a pane for each group, as wide as its cap, filled as far as it is. */
import type { Visitor } from '../../../shared/answer.ts'
import { points } from '../figures.ts'
import { CAPS, GROUPS } from '../scale.ts'
import { t } from '../strings/language.ts'

export const GroupsBar = ({ groups }: Pick<Visitor, 'groups'>) => (
  <section class="groups" aria-labelledby="groups-title">
    <h2 id="groups-title">{t.visitor.groups}</h2>
    <div class="stack" aria-hidden="true">
      {GROUPS.map((group) => (
        <div
          key={group}
          class={`slot ${group}`}
          style={{ '--cap': Math.abs(CAPS[group]), '--part': Math.min(1, Math.abs(groups[group] / CAPS[group])) }}
        >
          <div>
            <span />
          </div>
          <small>{CAPS[group]}</small>
        </div>
      ))}
    </div>
    <ul class="legend">
      {GROUPS.map((group) => (
        <li key={group} class={group}>
          <span class="swatch" aria-hidden="true" />
          {t.groups[group]} <b>{t.visitor.ofCap(points(groups[group]), String(CAPS[group]))}</b>
        </li>
      ))}
    </ul>
  </section>
)
