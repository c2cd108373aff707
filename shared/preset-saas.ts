/** Software on subscription: the trial is the sales pitch, and using it says more than reading about it. */
import { presetModel } from './default-model.ts'
import type { Model } from './model.ts'
import { counts, rules } from './model-words.ts'

export const saas = (): Model => {
  const base = presetModel('standard')
  const { qualification, stages } = base
  return {
    ...base,
    name: 'SaaS with a trial',
    signals: {
      ...base.signals,
      teammate_invite: counts('intent', 15, [2, 7]),
      integration_connect: counts('intent', 12, [2, 7]),
      plan_limit: counts('intent', 20, [1, 14]),
      tech_docs: counts('evaluate', 5, [2, 1]),
    },
    eventNames: {
      ...base.eventNames,
      'account created': 'trial_start',
      'invite sent': 'teammate_invite',
      'integration connected': 'integration_connect',
      'plan limit reached': 'plan_limit',
    },
    pageRules: [
      ...rules('integrations marketplace', { funnel: 'mofu', signal: 'tech_docs' }),
      ...rules('security trust-center', { funnel: 'mofu', signal: 'buyers_guide' }),
      ...rules('signup sign-up start-trial', { funnel: 'bofu' }),
      ...base.pageRules,
    ],
    stages: { ...stages, intent: { ...stages.intent, floors: [...stages.intent.floors, 'product_activation'] } },
    qualification: {
      ...qualification,
      mql: {
        ...qualification.mql,
        kinds: [
          ...qualification.mql.kinds,
          'teammate_invite',
          'integration_connect',
          'plan_limit',
          'product_activation',
        ],
      },
      sql: { ...qualification.sql, handRaises: [...qualification.sql.handRaises, 'trial_end_reply'] },
    },
    nextContent: {
      ...base.nextContent,
      evaluation: {
        content: 'A free trial with a first task in it',
        why: 'Ten minutes inside tell more than ten pages.',
      },
      intent: { content: 'Help with the first setup', why: 'A trial that is used becomes a customer.' },
    },
  }
}
