/** The scoring model: one document that holds every rule, point, cap, threshold and criterion. */
import { z } from 'zod'
import { GROUPS, STAGES } from './answer.ts'
import { FUNNELS } from './event.ts'

export type Stage = (typeof STAGES)[number]
export type Group = (typeof GROUPS)[number]

const Name = z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, 'a signal is named in lower case, such as case_study')
const Days = z.number().positive().max(3650)
const Score = z.number().min(0).max(100)
const Word = z.string().min(1).max(100)

/** What happens beside points: `customer` begins it, `refund` and `churn` end it, `reset` empties the intent group. */
export const EFFECTS = ['customer', 'refund', 'churn', 'reset', 'activation'] as const

const Signal = z.strictObject({
  /** Left out: worth no points, leaves no ledger row. */
  group: z.enum(GROUPS).optional(),
  points: z.number().min(-100).max(100).default(0),
  /** Firings per sliding window in event time; without `days`, ever. */
  limit: z.strictObject({ times: z.number().int().positive(), days: Days.optional() }).optional(),
  /** As a page: fires once per view, at the first report of enough reading. */
  read: z.boolean().optional(),
  /** As a page: `false` where the page does not count as a page view. */
  pageView: z.boolean().optional(),
  effect: z.enum(EFFECTS).optional(),
  /** Only the company can know it: counts from secret keys alone. */
  companyOnly: z.boolean().optional(),
})
export type Signal = z.infer<typeof Signal>

const PageRule = z.strictObject({
  /** One or more path segments; `*` stands for any run of characters within one: `/case-stud*`, `/vs/*`. */
  path: z.string().startsWith('/').max(200),
  funnel: z.enum(FUNNELS).optional(),
  signal: Name.optional(),
  topic: Word.optional(),
})
export type PageRule = z.infer<typeof PageRule>

const Band = z.strictObject({
  funnel: z.enum(FUNNELS),
  enter: Score,
  leave: Score,
  /** A signal of one of these groups within `evidenceDays`. */
  evidence: z.array(z.enum(GROUPS)),
  /** After one of these the stage is held for `floorDays`. */
  floors: z.array(Name),
})
const Place = z.strictObject({ funnel: z.enum(FUNNELS) })

const Lexicon = z.array(Word).max(500)

const Criterion = z.strictObject({
  /** The trait it looks at: `companySize`, `jobTitle`, `industry`, `country`, `revenue`, `technology`. */
  trait: Word,
  weight: z.number().positive().max(100),
  /** Words of which one must occur, or a range of numbers. Left empty: the criterion is unknown. */
  match: z.array(z.union([Word, z.tuple([z.number(), z.number()])])).default([]),
  partial: z.array(z.union([Word, z.tuple([z.number(), z.number()])])).default([]),
})
export type Criterion = z.infer<typeof Criterion>

const Document = z.strictObject({
  name: Word,
  /** IANA name; calendar days are counted in it. */
  timeZone: Word.refine(isTimeZone, 'no such time zone; take one such as Europe/Berlin'),
  halfLifeDays: Days,
  momentumHalfLifeDays: Days,
  sessionGapMinutes: z.number().positive().max(1440),
  caps: z.strictObject({
    discover: Score,
    engage: Score,
    evaluate: Score,
    intent: Score,
    penalty: z.number().min(-100).max(0),
  }),
  signals: z.record(Name, Signal),
  /** Other names of a signal. */
  aliases: z.record(Name, Name),
  /** Names of `track` events, compared without case, spaces and punctuation. */
  eventNames: z.record(Word, Name),
  pageRules: z.array(PageRule).max(2000),
  /** What a page or download that carries only a funnel tag means. */
  pageSignals: z.strictObject({ tofu: Name, mofu: Name, bofu: Name }),
  downloadSignals: z.strictObject({ tofu: Name, mofu: Name, bofu: Name, none: Name }),
  formSignal: Name,
  /** Purposes of untagged forms that mean nothing. */
  silentForms: z.array(Word),
  reading: z.strictObject({ seconds: z.number().min(0), scroll: z.number().min(0).max(100) }),
  returnWithinDays: Days,
  pricing: z.strictObject({ signal: Name, first: Name, repeat: Name, withinDays: Days }),
  deepSession: z.strictObject({ minutes: z.number().positive(), signals: z.array(Name) }),
  cartAbandon: z.strictObject({ minutes: z.number().positive(), activity: z.array(Name), endedBy: z.array(Name) }),
  campaigns: z.strictObject({ media: z.array(Word), clickIds: z.array(Word) }),
  lexicons: z.strictObject({
    tofu: Lexicon,
    mofu: Lexicon,
    bofu: Lexicon,
    transactional: Lexicon,
    /** Own brands, then those of competitors: a search for one is bofu. */
    brands: Lexicon,
    competitors: Lexicon,
    /** Count only when no support phrase is present. */
    ambiguous: Lexicon,
    support: Lexicon,
    /** Track events whose text is read like a search. */
    textSignals: z.array(Name),
  }),
  stages: z.strictObject({
    evidenceDays: Days,
    floorDays: Days,
    relationshipDays: Days,
    awareness: Place,
    interest: Band,
    evaluation: Band,
    intent: Band,
    conversion: Place,
    relationship: Place,
  }),
  qualification: z.strictObject({
    evidenceDays: Days,
    iql: z.strictObject({ on: z.boolean() }),
    mql: z.strictObject({
      mode: z.enum(['score', 'actions', 'both']),
      score: Score,
      /** The score below which actions alone do not qualify. */
      actionScore: Score,
      kinds: z.array(Name),
      distinctKinds: z.number().int().positive(),
    }),
    sql: z.strictObject({
      preset: z.enum(['action', 'strict']),
      handRaises: z.array(Name),
      score: Score,
      distinctIntent: z.number().int().positive(),
      pattern: z.strictObject({
        views: z.number().int().positive(),
        days: z.number().int().positive(),
        kinds: z.array(Name),
        distinctKinds: z.number().int().positive(),
        score: Score,
      }),
      /** Preset `strict`: the traits that must be recorded as true first. */
      confirmations: z.array(Word),
    }),
    pql: z.strictObject({ on: z.boolean(), trial: Name, activation: Name }),
    lapse: z.strictObject({ score: Score, mqlDays: Days, sqlDays: Days }),
    expansion: z.strictObject({ scoreFactor: z.number().positive() }),
  }),
  fit: z.strictObject({
    profiles: z.array(z.strictObject({ name: Word, criteria: z.array(Criterion).max(50) })).max(50),
    grades: z.strictObject({ A: Score, B: Score, C: Score }),
    minKnownWeight: z.number().min(0),
    freeMailPenalty: z.number().min(0).max(100),
    competitorDomains: z.array(Word),
    staffDomains: z.array(Word),
    excludedCountries: z.array(Word),
    studentWords: z.array(Word),
  }),
  accounts: z
    .strictObject({
      /** The caps of an account are so many times those of a visitor. */
      capFactor: z.number().min(1).max(10),
      /** Worth approaching at such a score, with so many people, one of them at this stage or beyond. */
      ready: z.strictObject({
        score: z.number().min(0).max(1000),
        people: z.number().int().positive(),
        stage: z.enum(STAGES),
      }),
    })
    .default({ capFactor: 2, ready: { score: 75, people: 2, stage: 'evaluation' } }),
  /** What to offer next, by stage. */
  nextContent: z.record(z.enum(STAGES), z.strictObject({ content: z.string().max(200), why: z.string().max(300) })),
})

/** A model that has been validated. */
export type Model = z.infer<typeof Document>

/** Every mistake in words that a marketer can act on. */
export const Model = Document.superRefine((model, context) => {
  const say = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message })
  const known = (path: (string | number)[], names: readonly string[]) => {
    for (const name of names) if (!(name in model.signals)) say(path, `there is no signal \`${name}\` in signals`)
  }
  const bands = (['interest', 'evaluation', 'intent'] as const).map((stage) => ({ stage, ...model.stages[stage] }))
  for (const [i, { stage, enter, leave, floors }] of bands.entries()) {
    if (leave >= enter) say(['stages', stage], `stage \`${stage}\` leaves at ${leave} but enters at ${enter}`)
    const below = bands[i - 1]
    if (below && enter <= below.enter)
      say(['stages', stage], `stage \`${stage}\` enters at ${enter}, not above \`${below.stage}\` at ${below.enter}`)
    known(['stages', stage, 'floors'], floors)
  }
  for (const [name, { group, points, effect }] of Object.entries(model.signals)) {
    if (points !== 0 && !group) say(['signals', name], `signal \`${name}\` has points but no group`)
    if (group === 'penalty' ? points > 0 : points < 0)
      say(['signals', name], `signal \`${name}\` has ${points} points in group \`${group}\``)
    if (effect === 'reset' && group) say(['signals', name], `signal \`${name}\` resets intent and has no group itself`)
  }
  known(['aliases'], Object.values(model.aliases))
  known(['eventNames'], Object.values(model.eventNames))
  for (const [i, { signal }] of model.pageRules.entries()) if (signal) known(['pageRules', i], [target(model, signal)])
  known(['pageSignals'], Object.values(model.pageSignals))
  known(['downloadSignals'], Object.values(model.downloadSignals))
  known(['formSignal'], [model.formSignal])
  known(['pricing'], [model.pricing.signal, model.pricing.first, model.pricing.repeat])
  known(['cartAbandon'], [...model.cartAbandon.activity, ...model.cartAbandon.endedBy])
  known(['qualification', 'mql', 'kinds'], model.qualification.mql.kinds)
  known(['qualification', 'sql', 'handRaises'], model.qualification.sql.handRaises)
  known(['qualification', 'sql', 'pattern'], model.qualification.sql.pattern.kinds)
  known(['qualification', 'pql'], [model.qualification.pql.trial, model.qualification.pql.activation])
  if (model.qualification.mql.actionScore > model.qualification.mql.score)
    say(['qualification', 'mql'], 'actions qualify at a higher score than the score alone')
})

/** The signal a name stands for. */
export const target = (model: Model, name: string): string =>
  Object.hasOwn(model.aliases, name) ? model.aliases[name]! : name

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
