/** The JSON Schema of a model, for editors: titles from the names, descriptions and bounds from the schema itself. */
import { z } from 'zod'
import { Document } from './model.ts'

interface Node {
  readonly title?: string
  readonly properties?: Readonly<Record<string, Node>>
  readonly items?: Node
  readonly additionalProperties?: Node | boolean
}

export const modelSchema = (): Readonly<Record<string, unknown>> => ({
  // What people write, before defaults are filled in; a check in code has no form in JSON Schema.
  ...titled(z.toJSONSchema(Document, { io: 'input', unrepresentable: 'any' }) as Node),
  title: 'Leadlight scoring model',
  description: 'Every rule, point, cap and threshold by which visitors are scored.',
})

/** Gives every setting a title: its name, in words. */
const titled = (node: Node): Node => ({
  ...node,
  ...(node.items && { items: titled(node.items) }),
  ...(typeof node.additionalProperties === 'object' && { additionalProperties: titled(node.additionalProperties) }),
  ...(node.properties && {
    properties: Object.fromEntries(
      Object.entries(node.properties).map(([name, below]) => [name, { title: titleOf(name), ...titled(below) }]),
    ),
  }),
})

/** `halfLifeDays`: Half life days. */
const titleOf = (name: string): string => {
  const spaced = name
    .replace(/_/g, ' ')
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase()
  return spaced.charAt(0).toUpperCase() + spaced.slice(1)
}
