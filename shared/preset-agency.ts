/** Services sold by conversation: few visitors, months of thought, and the enquiry is what counts. */
import { presetModel } from './default-model.ts'
import type { Model } from './model.ts'
import { counts, rules } from './model-words.ts'

export const agency = (): Model => {
  const base = presetModel('long')
  const { qualification, stages } = base
  const handRaises = ['contact_sales', 'quote_request', 'callback_request', 'brief_sent']
  return {
    ...base,
    name: 'Agency',
    momentumHalfLifeDays: 7,
    returnWithinDays: 45,
    pricing: { ...base.pricing, withinDays: 45 },
    signals: {
      ...base.signals,
      brief_sent: counts('intent', 45, [1, 7]),
      team_page: counts('evaluate', 5, [2, 7]),
      case_study: counts('evaluate', 7, [3, 1]),
      testimonial: counts('evaluate', 6, [2, 1]),
    },
    eventNames: { ...base.eventNames, 'brief submitted': 'brief_sent', 'meeting booked': 'contact_sales' },
    pageRules: [
      ...rules('work works portfolio projects projekte arbeiten', { funnel: 'mofu', signal: 'case_study' }),
      ...rules('team people about about-us ueber-uns', { funnel: 'mofu', signal: 'team_page' }),
      ...rules('contact kontakt contacto start-a-project', { funnel: 'bofu' }),
      ...base.pageRules,
    ],
    stages: {
      ...stages,
      evidenceDays: 90,
      floorDays: 21,
      relationshipDays: 90,
      intent: { ...stages.intent, enter: 45, leave: 20, floors: handRaises },
    },
    qualification: {
      ...qualification,
      evidenceDays: 90,
      mql: {
        ...qualification.mql,
        kinds: [
          'email_signup',
          'content_download',
          'case_study',
          'testimonial',
          'team_page',
          'pricing_repeat',
          'form_submit',
          'chat_message',
        ],
      },
      sql: { ...qualification.sql, handRaises },
      pql: { ...qualification.pql, on: false },
      lapse: { ...qualification.lapse, mqlDays: 30, sqlDays: 90 },
    },
    nextContent: {
      ...base.nextContent,
      evaluation: {
        content: 'A project like theirs, with figures',
        why: 'They ask whether you have done this before.',
      },
      intent: { content: 'An hour with the people who would do the work', why: 'They buy people; let them meet.' },
    },
  }
}
