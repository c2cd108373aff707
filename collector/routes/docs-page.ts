/** The OpenAPI document as a page to read: plain HTML without a script, one section per resource. */
import { html } from 'hono/html'
import type { Node, OpenApi, Operation, Parameter } from './openapi.ts'

type Html = ReturnType<typeof html>

interface Listed {
  readonly path: string
  readonly method: string
  readonly operation: Operation
}

export const docsPage = (document: OpenApi): Html => {
  const listed = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]): Listed => ({ path, method, operation })),
  )
  const groups = [...Map.groupBy(listed, ({ operation }) => operation.tags[0]!)]
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>The API of Leadlight</title>
        <link rel="stylesheet" href="/api/docs.css" />
      </head>
      <body>
        <a class="skip" href="#main">To the content</a>
        <nav aria-label="Resources">
          <ul>
            ${groups.map(([tag]) => html`<li><a href="#${tag}">${tag}</a></li>`)}
            <li><a href="#schemas">schemas</a></li>
          </ul>
        </nav>
        <main id="main">
          <h1>The API of Leadlight</h1>
          <p>${document.info.description}</p>
          <p>The same for programs: <a href="/api/openapi.json">openapi.json</a> (OpenAPI ${document.openapi}).</p>
          ${groups.map(([tag, all]) => html`<h2 id="${tag}">${tag}</h2>${all.map(operationPart)}`)}
          <h2 id="schemas">schemas</h2>
          ${Object.entries(document.components.schemas).map(([name, node]) => schemaPart(name, node))}
        </main>
      </body>
    </html>`
}

const operationPart = ({ path, method, operation }: Listed): Html => html`
  <details>
    <summary><span class="method">${method.toUpperCase()}</span> <code>${path}</code> ${operation.summary}</summary>
    <p id="${operation.operationId}">${keyFor(operation)}</p>
    ${operation.parameters.length > 0 ? parametersPart(operation.parameters) : ''}
    ${operation.requestBody ? html`<h3>Takes</h3>${contentPart(operation.requestBody.content)}` : ''}
    <h3>Answers</h3>
    <dl>
      ${Object.entries(operation.responses).map(
        ([status, { description, content }]) =>
          html`<dt>${status}</dt><dd>${description} ${content ? contentPart(content) : ''}</dd>`,
      )}
    </dl>
  </details>
`

const keyFor = ({ security }: Operation): string => {
  const [scheme] = security.flatMap(Object.keys)
  if (scheme === 'token') return 'Takes a key of the API.'
  return scheme === 'writeKey' ? 'Takes a write key.' : 'Takes no secret key.'
}

const parametersPart = (parameters: readonly Parameter[]): Html => html`
  <h3>Parameters</h3>
  <table>
    <thead><tr><th scope="col">name</th><th scope="col">in</th><th scope="col">takes</th></tr></thead>
    <tbody>
      ${parameters.map(
        ({ name, in: place, schema }) =>
          html`<tr><th scope="row"><code>${name}</code></th><td>${place}</td><td>${kindOf(schema)}</td></tr>`,
      )}
    </tbody>
  </table>
`

const contentPart = (content: Readonly<Record<string, { readonly schema: Node }>>): Html =>
  html`${Object.entries(content).map(([type, { schema }]) => html`<span>${type}: ${kindOf(schema)}</span>`)}`

const schemaPart = (name: string, node: Node): Html => html`
  <details>
    <summary><code>${name}</code></summary>
    <div id="schema-${name}">${node.properties ? fieldsPart(node) : html`<p>${kindOf(node)}</p>`}</div>
  </details>
`

const fieldsPart = ({ properties = {}, required = [] }: Node): Html => html`
  <dl>
    ${Object.entries(properties).map(
      ([name, node]) =>
        html`<dt><code>${name}</code>${required.includes(name) ? '' : ' (may be missing)'}</dt>
          <dd>${kindOf(node)} ${node.description ?? ''} ${node.properties ? fieldsPart(node) : ''}
            ${node.items?.properties ? fieldsPart(node.items) : ''}</dd>`,
    )}
  </dl>
`

/** What a value is, in a few words, with a link to what has a name. */
const kindOf = (node: Node): Html => {
  if (node.$ref) {
    const name = node.$ref.split('/').at(-1)!
    return html`<a href="#schema-${name}">${name}</a>`
  }
  const some = node.anyOf ?? node.oneOf
  if (some) return html`${some.map((each, i) => html`${i > 0 ? ' or ' : ''}${kindOf(each)}`)}`
  if (node.items) return html`list of ${kindOf(node.items)}`
  if (node.enum) return html`${node.enum.map(String).join(' | ')}${defaultOf(node)}`
  return html`${wordsFor(node)}${defaultOf(node)}`
}

const wordsFor = ({ type, format, minimum, maximum, const: only }: Node): string => {
  const kind = only === undefined ? [type ?? 'anything'].flat().join(' or ') : JSON.stringify(only)
  const least = minimum === undefined || minimum < -1e15 ? '' : ` ≥ ${minimum}`
  const most = maximum === undefined || maximum > 1e15 ? '' : ` ≤ ${maximum}`
  return `${kind}${format ? ` (${format})` : ''}${least}${most}`
}

const defaultOf = (node: Node): string =>
  node.default === undefined ? '' : `; ${JSON.stringify(node.default)} if left out`
