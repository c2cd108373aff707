/** Above the list: which figure it opens, in words, and the way back to everybody. */
import { mediumName, qualificationName, signalName } from '../naming.ts'
import { STAGES } from '../scale.ts'
import type { Figure } from '../state/figure.ts'
import { isAny } from '../state/figure.ts'
import { type Filters, listHref } from '../state/filters.ts'
import { t } from '../strings/language.ts'
import { daySpan } from '../time.ts'

const BANDS: Readonly<Record<string, string>> = t.funnel.bands

/** A stage, a part of the funnel or a qualification. */
const turnName = (name: string): string => {
  const stage = STAGES.find((each) => each === name)
  if (stage) return t.stages[stage]
  return Object.hasOwn(BANDS, name) ? BANDS[name]! : qualificationName(name)
}

const outcome = (words: Readonly<Record<string, string>>, moved = ''): string =>
  Object.hasOwn(words, moved) ? words[moved]! : ''

const sourceOf = ({ medium, source }: Figure): string =>
  medium ? t.figure.source([mediumName(medium), source].filter(Boolean).join(' · ')) : ''

/** What is said of it, part by part. */
export const wordsOf = (figure: Figure): readonly string[] => {
  const { entered, reached, signal, content, kind, during, became, model, moved, account } = figure
  return [
    account ? `${t.visitor.account}: ${account}` : '',
    entered ? t.figure.entered(turnName(entered)) : '',
    sourceOf(figure),
    reached ? t.figure.reached(turnName(reached)) : '',
    signal ? t.figure.signal(signalName(signal)) : '',
    content ? (kind === 'download' ? t.figure.download : t.figure.content)(content) : '',
    during ? t.content.at(turnName(during)) : '',
    became ? t.feed.nowAt(turnName(became)) : '',
    model ? t.report.version(Number(model)) : '',
    outcome(signal ? t.figure.sold : t.figure.moved, moved),
  ].filter(Boolean)
}

export const FigureNote = ({ filters }: { filters: Filters }) => {
  const { figure } = filters
  if (!isAny(figure)) return null
  return (
    <div class="figure-note" role="status">
      <p>
        <b>
          <bdi>{wordsOf(figure).join(' · ')}</bdi>
        </b>
        <small class="soft">{daySpan(figure.from ?? '', figure.to ?? '')}</small>
        {figure.became && <small class="soft">{t.figure.twice}</small>}
      </p>
      <a class="button small" href={listHref({ ...filters, figure: {} })}>
        {t.figure.everybody}
      </a>
    </div>
  )
}
