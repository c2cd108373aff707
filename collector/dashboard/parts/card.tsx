/** A small card with a title. */
import type { ComponentChildren } from 'preact'

export const Card = ({ title, kind = '', children }: { title: string; kind?: string; children: ComponentChildren }) => (
  <section class={`card fact ${kind}`}>
    <h2>{title}</h2>
    {children}
  </section>
)
