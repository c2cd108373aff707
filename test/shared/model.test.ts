/** The model as a document: what is refused, in which words, and what an editor is told. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_MODEL } from '../../shared/default-model.ts'
import { modelSchema } from '../../shared/model-schema.ts'
import { readModel } from '../../shared/read-model.ts'

/** The default model with one place changed: `stages.intent.leave`. */
const changed = (path: string, value: unknown): unknown => {
  const document = structuredClone(DEFAULT_MODEL) as unknown as Record<string, unknown>
  const steps = path.split('.')
  const last = steps.pop()!
  const holder = steps.reduce((at, step) => at[step] as Record<string, unknown>, document)
  holder[last] = value
  return document
}
const mistakes = (path: string, value: unknown) => {
  const { mistakes: found = [] } = readModel(changed(path, value))
  return found.map((each) => `${each.path}: ${each.message}`)
}

describe('a model', () => {
  it('is read as it was written', () => {
    expect(readModel(JSON.parse(JSON.stringify(DEFAULT_MODEL))).model).toEqual(DEFAULT_MODEL)
  })

  it.each([
    ['stages.intent.leave', 60, 'stages.intent: stage `intent` leaves at 60 but enters at 50'],
    ['stages.evaluation.enter', 5, 'stages.evaluation: stage `evaluation` enters at 5, not above `interest` at 8'],
    [
      'stages.interest.evidence',
      [],
      'stages.interest: stage `interest` has no evidence and no floors, so nobody can enter it',
    ],
    ['caps.intent', 60, 'caps: the caps add up to 110; a score ends at 100'],
    ['caps.intent', -1, 'caps.intent: takes at least 0'],
    ['caps.penalty', 5, 'caps.penalty: takes at most 0'],
    ['momentumHalfLifeDays', 14, 'momentumHalfLifeDays: momentum fades in 14 days, not faster than the score in 14'],
    ['signals.faq.points', -3, 'signals.faq: signal `faq` has -3 points in group `evaluate`'],
    ['signals.login.points', 3, 'signals.login: signal `login` has 3 points but no group'],
    ['signals.Case', {}, 'signals.Case: a name is in lower case, such as case_study'],
    ['signals.faq.pints', 3, 'signals.faq: there is no setting `pints` here; did you mean `points`?'],
    ['halfLiveDays', 3, ': there is no setting `halfLiveDays` here; did you mean `halfLifeDays`?'],
    ['halfLifeDays', 0, 'halfLifeDays: takes more than 0'],
    ['halfLifeDays', '14', 'halfLifeDays: takes a number'],
    ['halfLifeDays', undefined, 'halfLifeDays: is missing'],
    ['timeZone', 'Mars/Olympus', 'timeZone: no such time zone; take one such as Europe/Berlin'],
    ['formSignal', 'form_sent', 'formSignal: there is no signal `form_sent` in signals'],
    ['formSignal', 'constructor', 'formSignal: there is no signal `constructor` in signals'],
    ['aliases.faq', 'support', 'aliases.faq: `faq` is a signal, so it cannot be an alias'],
    ['aliases.post', 'article', 'aliases.post: alias `post` leads to alias `article`'],
    ['pageRules.0.path', 'pricing', 'pageRules.0.path: starts with a slash and has at most 200 characters: /pricing'],
    ['pageRules.0.signal', 'nothing', 'pageRules.0.signal: there is no signal `nothing` in signals'],
    ['qualification.mql.mode', 'any', 'qualification.mql.mode: takes one of: score, actions, both'],
    [
      'qualification.mql.actionScore',
      41,
      'qualification.mql: actions qualify at 41, above the 40 that qualify by themselves',
    ],
    [
      'qualification.mql.distinctKinds',
      20,
      'qualification.mql: an MQL takes 20 kinds of action, but only 14 are listed',
    ],
    [
      'qualification.lapse.score',
      30,
      'qualification.lapse: an MQL lapses below 30, but one is made at 20: leads would come and go',
    ],
    ['fit.grades.B', 80, 'fit.grades: grades must fall: A at 75, B at 80, C at 25'],
    [
      'fit.profiles.0.criteria.0.match',
      [[9, 2]],
      'fit.profiles.0.criteria.0: the range of `companySize` begins at 9 and ends at 2',
    ],
    [
      'fit.profiles.0.criteria.0.match',
      [{}],
      'fit.profiles.0.criteria.0.match.0: takes a text, or a range such as [50, 200]',
    ],
  ])('with %s = %j is refused in words', (path, value, sentence) => {
    expect(mistakes(path, value)).toContain(sentence)
  })

  it('cannot ask for more than the caps allow', () => {
    const caps = { ...DEFAULT_MODEL.caps, intent: 5 }
    expect(readModel({ ...(changed('stages.intent.enter', 60) as object), caps }).mistakes?.[0]?.message).toBe(
      'stage `intent` enters at 60, but the caps add up to 55',
    )
  })

  it('names every mistake at once', () => {
    const both = readModel({ ...(changed('stages.intent.leave', 60) as object), formSignal: 'none', nmae: 'x' })
    expect(both.mistakes).toHaveLength(3)
  })

  it('lets a page rule name an alias', () => {
    expect(mistakes('pageRules.0.signal', 'article')).toEqual([])
  })

  it.each([null, undefined, 7, 'model', [], { length: { toString: null } }])('is not %j', (input) => {
    expect(readModel(input).mistakes).not.toHaveLength(0)
  })

  it('answers, never throws, whatever stands anywhere', () => {
    const paths = Object.keys(DEFAULT_MODEL).concat('stages.intent.floors', 'fit.profiles.0', 'nextContent.intent.why')
    const hostile = fc.oneof(fc.jsonValue(), fc.constant({ length: { toString: null } }), fc.constant({ length: 1e9 }))
    fc.assert(
      fc.property(fc.constantFrom(...paths), hostile, (path, value) => {
        const { model, mistakes } = readModel(JSON.parse(JSON.stringify(changed(path, value))))
        expect(model === undefined).toBe((mistakes ?? []).length > 0)
      }),
      { numRuns: 500 },
    )
  })

  it('does not repeat hostile text', () => {
    const [mistake] = readModel({ ...DEFAULT_MODEL, '<script>': 1 }).mistakes ?? []
    expect(mistake?.message).toBe('there is a setting that is not known here')
  })
})

describe('the JSON Schema', () => {
  const schema = modelSchema() as unknown as Node
  interface Node {
    readonly title?: string
    readonly description?: string
    readonly required?: readonly string[]
    readonly properties?: Readonly<Record<string, Node>>
  }

  it('has a title for every setting that says which one it is', () => {
    const walk = (node: Node): readonly (readonly [string, string | undefined])[] =>
      Object.entries(node.properties ?? {}).flatMap(([name, below]) => [[name, below.title], ...walk(below)])
    const plain = (text: string | undefined) => text?.toLowerCase().replace(/[ _]/g, '')
    expect(walk(schema).filter(([name, title]) => plain(name) !== plain(title))).toEqual([])
    expect(walk(schema).length).toBeGreaterThan(100)
  })

  it('describes every setting of the first level', () => {
    const silent = Object.entries(schema.properties ?? {}).filter(([, { description }]) => !description)
    expect(silent).toEqual([])
  })

  it('knows the same settings as the check', () => {
    expect(Object.keys(schema.properties ?? {}).sort()).toEqual(Object.keys(DEFAULT_MODEL).sort())
  })

  it('carries bounds', () => {
    expect(schema.properties?.stages?.properties?.intent?.properties?.enter).toMatchObject({
      title: 'Enter',
      minimum: 0,
      maximum: 100,
    })
  })
})
