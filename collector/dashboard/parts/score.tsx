/** The score as a number, a bar and a direction. */
import { useRef } from 'preact/hooks'
import type { Visitor } from '../../../shared/answer.ts'
import { points } from '../figures.ts'
import { useFlash } from '../motion.ts'
import { Momentum } from './momentum.tsx'

export const Score = ({ score, stage, momentum }: Pick<Visitor, 'score' | 'stage' | 'momentum'>) => {
  const number = useRef<HTMLElement>(null)
  const text = points(score)
  useFlash(number, text)
  return (
    <div class={`score ${stage}`}>
      <b ref={number}>{text}</b>
      <Momentum momentum={momentum} />
      <div class="track" aria-hidden="true">
        <div class="fill" style={{ '--part': score / 100 }} />
      </div>
    </div>
  )
}
