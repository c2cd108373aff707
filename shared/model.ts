/**
 * The scoring model: one document that holds every rule, point, cap, threshold and criterion. Longer than other files,
 * for it is one table: each setting with its bounds and what it means, as the editor shows it.
 */
import { z } from 'zod'
import { GROUPS, STAGES } from './answer.ts'
import { list, Word } from './bounded.ts'
import { isTimeZone } from './calendar.ts'
import { FUNNELS } from './event.ts'
import { Alerts, DEFAULT_ALERTS, DEFAULT_SLA, Routing, Sla } from './handoff-model.ts'

export type Stage = (typeof STAGES)[number]
export type Group = (typeof GROUPS)[number]

const Name = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/, 'a name is in lower case, such as case_study')
  .describe('The name of a signal, in lower case: case_study')
const Days = z.number().positive().max(3650)
const Score = z.number().min(0).max(100)
const Count = z.number().int().positive().max(10_000)
const names = (about: string) => list(Name).describe(about)
const words = (about: string) => list(Word).describe(about)

/** What happens beside points: `customer` begins it, `refund` and `churn` end it, `reset` empties the intent group. */
export const EFFECTS = ['customer', 'refund', 'churn', 'reset', 'activation'] as const

const Signal = z.strictObject({
  group: z.enum(GROUPS).optional().describe('The group it adds to. Left out: worth no points, leaves no ledger row.'),
  points: z.number().min(-100).max(100).default(0).describe('What one firing is worth, before the cap of its group.'),
  limit: z
    .strictObject({
      times: Count.describe('How many firings count …'),
      days: Days.optional().describe('… within this many days, a sliding window. Left out: ever.'),
    })
    .optional()
    .describe('How often it counts; what goes beyond is ignored.'),
  read: z.boolean().optional().describe('As a page: counts once per view, when enough of it was read.'),
  pageView: z.boolean().optional().describe('As a page: false where the page does not count as a page view.'),
  effect: z.enum(EFFECTS).optional().describe('What it does beside points.'),
  companyOnly: z.boolean().optional().describe('Only the company can know it: counts from secret keys alone.'),
})
export type Signal = z.infer<typeof Signal>

const PageRule = z.strictObject({
  path: z
    .string()
    .regex(/^\/[\s\S]{0,199}$/, 'starts with a slash and has at most 200 characters: /pricing')
    .describe('Path segments; * stands for any run of characters within one, $ at the end for the end: /case-stud*'),
  funnel: z.enum(FUNNELS).optional().describe('Where in the funnel such a page stands.'),
  signal: Name.optional().describe('What a view of such a page means.'),
  topic: Word.optional().describe('Product or subject.'),
})
/** What a site puts before the model's own. */
export const PageRules = list(PageRule, 200)
export type PageRule = z.infer<typeof PageRule>

const Funnel = z.enum(FUNNELS).describe('Which part of the funnel the stage belongs to.')
const Band = z.strictObject({
  funnel: Funnel,
  enter: Score.describe('Entered at this score, when there is evidence.'),
  leave: Score.describe('Left below this score. Half of `enter` keeps visitors from flickering.'),
  evidence: list(z.enum(GROUPS)).describe('A signal of one of these groups must have fired lately.'),
  floors: names('After one of these signals the stage is held for a while, whatever the score.'),
})
const Place = z.strictObject({ funnel: Funnel })

const Wish = list(z.union([Word, z.tuple([z.number(), z.number()])])).default([])
const Criterion = z.strictObject({
  trait: Word.describe('The trait it looks at: companySize, jobTitle, industry, country, revenue, technology.'),
  weight: z.number().positive().max(100).describe('How much it counts against the other criteria.'),
  match: Wish.describe('Words of which one must occur, or ranges of numbers. Empty: nothing is known.'),
  partial: Wish.describe('The same for half a match.'),
})
export type Criterion = z.infer<typeof Criterion>

/** The document's form; model-check.ts adds what one part must say of another. */
export const Document = z.strictObject({
  name: Word.describe('What people call this model.'),
  timeZone: Word.refine(isTimeZone, 'no such time zone; take one such as Europe/Berlin').describe(
    'Calendar days are counted in it: Europe/Berlin',
  ),
  halfLifeDays: Days.describe('After so many days a point is worth half. The length of the memory.'),
  momentumHalfLifeDays: Days.describe('A shorter memory; the ratio of the two tells who is rising.'),
  sessionGapMinutes: z.number().positive().max(1440).describe('A longer silence opens a new session.'),
  caps: z
    .strictObject({
      discover: Score,
      engage: Score,
      evaluate: Score,
      intent: Score,
      penalty: z.number().min(-100).max(0),
    })
    .describe('The most that each group can hold. The four above zero add up to 100 at most.'),
  signals: z.record(Name, Signal).describe('Everything a visitor can do that means something.'),
  aliases: z.record(Name, Name).describe('Other names of a signal.'),
  eventNames: z
    .record(Word, Name)
    .describe('Names of events from other tools, and the signal each is. Case and punctuation do not matter.'),
  pageRules: list(PageRule, 2000).describe(
    'What an untagged page means by its address. The first that matches decides.',
  ),
  pageSignals: z
    .strictObject({ tofu: Name, mofu: Name, bofu: Name })
    .describe('What a page that carries only a funnel tag means.'),
  downloadSignals: z
    .strictObject({ tofu: Name, mofu: Name, bofu: Name, none: Name })
    .describe('What a download that carries only a funnel tag, or none, means.'),
  formSignal: Name.describe('What an untagged form means when it is sent.'),
  silentForms: words('Purposes of untagged forms that mean nothing.'),
  reading: z
    .strictObject({ seconds: z.number().min(0).max(86_400), scroll: z.number().min(0).max(100) })
    .describe('A page is read after so many engaged seconds, or so many percent scrolled.'),
  returnWithinDays: Days.describe('Back on another day within so many days: the signal return_day.'),
  pricing: z
    .strictObject({
      signal: Name.describe('The tag of a page with prices.'),
      first: Name.describe('What the first look at one means.'),
      repeat: Name.describe('What another look in another session means.'),
      withinDays: Days,
    })
    .describe('Looking at prices again says more than looking once.'),
  deepSession: z
    .strictObject({
      minutes: z.number().positive().max(1440),
      signals: names('Pages that count beside mofu and bofu.'),
    })
    .describe('So much engaged time on pages about buying, in one session: the signal deep_session.'),
  cartAbandon: z
    .strictObject({
      minutes: z.number().positive().max(100_000),
      activity: names('Signals that fill a cart.'),
      endedBy: names('Signals that end it well.'),
    })
    .describe('A cart left for so long: the signal cart_abandon.'),
  campaigns: z
    .strictObject({
      media: words('Values of utm_medium that are an e-mail or paid for.'),
      clickIds: words('Parameters that advertisers add to a link.'),
    })
    .describe('What makes a view the signal campaign_click.'),
  lexicons: z
    .strictObject({
      tofu: words('Words of those who look for an answer.'),
      mofu: words('Words of those who look for a kind of product.'),
      bofu: words('Words of those who choose.'),
      transactional: words('Words of those who buy.'),
      brands: words('Your own brands: a search for one is bofu.'),
      competitors: words('Brands of competitors: the same.'),
      ambiguous: words('Of the above, those that count only when no support phrase is present.'),
      support: words('Phrases of customers who need help.'),
      textSignals: names('Events whose text is read like a search.'),
    })
    .describe('What search words mean. Case, accents and endings do not matter; the highest lexicon wins.'),
  stages: z
    .strictObject({
      evidenceDays: Days.describe('How long a signal is evidence.'),
      floorDays: Days.describe('How long a floor signal holds its stage.'),
      relationshipDays: Days.describe('A customer for so long has a relationship.'),
      awareness: Place,
      interest: Band,
      evaluation: Band,
      intent: Band,
      conversion: Place,
      relationship: Place,
    })
    .describe('Evidence and a score to enter a stage, a lower score to stay in it.'),
  qualification: z
    .strictObject({
      evidenceDays: Days.describe('How long an action counts.'),
      iql: z.strictObject({ on: z.boolean() }).describe('A known e-mail address makes an IQL.'),
      mql: z
        .strictObject({
          mode: z.enum(['score', 'actions', 'both']).describe('What makes an MQL: the score, the actions, or either.'),
          score: Score.describe('An MQL by score alone.'),
          actionScore: Score.describe('The score below which actions alone do not qualify.'),
          kinds: names('The actions that count.'),
          distinctKinds: Count.describe('How many different ones it takes.'),
        })
        .describe('Marketing qualified: worth the attention of marketing.'),
      sql: z
        .strictObject({
          preset: z.enum(['action', 'strict']).describe('Handed over at once, or only when sales has confirmed.'),
          handRaises: names('Signals by which a visitor asks to be called: sales qualified at once.'),
          byScore: z
            .boolean()
            .default(true)
            .describe('Whether score and pattern can make an SQL, beside raised hands.'),
          score: Score.describe('An SQL by score, where the fit is A or B …'),
          distinctIntent: Count.describe('… with so many different intent signals.'),
          pattern: z
            .strictObject({
              views: Count.describe('Views of pages about buying …'),
              days: Count.describe('… on so many days …'),
              kinds: names('… and, of these signals, …'),
              distinctKinds: Count.describe('… so many different ones …'),
              score: Score.describe('… at this score.'),
            })
            .describe('Somebody who researches a purchase.'),
          confirmations: words('Preset strict: the traits that must be recorded as true first.'),
        })
        .describe('Sales qualified: handed over to sales.'),
      pql: z
        .strictObject({ on: z.boolean(), trial: Name, activation: Name })
        .describe('Product qualified: a trial, and the event that shows it is used.'),
      lapse: z
        .strictObject({ score: Score, mqlDays: Days, sqlDays: Days })
        .describe('Below this score for so long, an MQL lapses, and an SQL that sales never touched is recycled.'),
      expansion: z
        .strictObject({ scoreFactor: z.number().positive().max(100) })
        .describe('A customer at so many times the MQL score may want more.'),
    })
    .describe('How far sales may count on a visitor.'),
  fit: z
    .strictObject({
      profiles: list(z.strictObject({ name: Word, criteria: list(Criterion, 50) }), 50).describe(
        'Kinds of customers you want; the one that fits best counts.',
      ),
      grades: z.strictObject({ A: Score, B: Score, C: Score }).describe('Percent from which each grade is given.'),
      minKnownWeight: z.number().min(0).max(10_000).describe('With less known than this, the grade is ?.'),
      freeMailPenalty: z.number().min(0).max(100).describe('Percentage points off for a free mail address.'),
      competitorDomains: words('Mail domains of competitors: disqualified.'),
      staffDomains: words('Your own mail domains: disqualified.'),
      excludedCountries: words('Where you do not sell: disqualified.'),
      studentWords: words('Words in a job title that make a D.'),
    })
    .describe('Who they are, apart from what they do.'),
  accounts: z
    .strictObject({
      capFactor: z.number().min(1).max(10).describe('The caps of an account are so many times those of a visitor.'),
      ready: z
        .strictObject({
          score: z.number().min(0).max(1000).describe('At this score …'),
          people: Count.describe('… with so many people …'),
          stage: z.enum(STAGES).describe('… one of them at this stage or beyond.'),
        })
        .describe('When a company is worth approaching.'),
    })
    .default({ capFactor: 2, ready: { score: 75, people: 2, stage: 'evaluation' } })
    .describe('Companies, by what their people do.'),
  alerts: Alerts.default(DEFAULT_ALERTS).describe('What sales is told, and when.'),
  sla: Sla.default(DEFAULT_SLA).describe('How soon sales is to answer. The first touch stops the clock.'),
  routing: Routing.default({ owners: [], rules: [] }).describe('Whose a lead is.'),
  nextContent: z
    .record(z.enum(STAGES), z.strictObject({ content: Phrase(200), why: Phrase(300) }))
    .describe('What to offer next, by stage.'),
})

/** A model that has been validated. */
export type Model = z.infer<typeof Document>

/** The signal a name stands for. */
export const target = (model: Model, name: string): string =>
  Object.hasOwn(model.aliases, name) ? model.aliases[name]! : name

function Phrase(most: number) {
  return z.string().regex(new RegExp(`^[\\s\\S]{0,${most}}$`), `takes at most ${most} characters`)
}
