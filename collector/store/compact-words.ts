/** Words that events and states are full of: written as their place in this list, which may therefore only grow. */

export const WORDS: readonly string[] = (
  'id at source type browser server flagged view session page engagement download click form search media track ' +
  'identify group consent feedback adjust url title referrer seconds scroll funnel signal topic tofu mofu bofu ' +
  'outbound step start submit abandon filled errors field purpose traits query name percent props account state ' +
  'granted denied verdict reason amount points discover engage evaluate intent penalty bot automated headless ' +
  'no_user_agent prefetch heat fast firings carried topics evidence firstSeen lastSeen lastEvent seenAt advancedAt ' +
  'presentAt number lastAt engaged views engagedSeconds open pricing otherAt cart event commercial stage stageSince ' +
  'furthest entered awareness interest evaluation decision customer qualification qualificationSince anonymous flags ' +
  'lowSince resetAt recycledAt relationship first last medium landing page_view return_day pricing_first ' +
  'tofu_page mofu_page bofu_page commercial_page case_study careers tech_docs faq deep_read video demo_request ' +
  'email company jobTitle phone firstName lastName companySize campaign direct organic referral social paid ' +
  'seen qualified sla kind since nextAt deadline iql mql sql recycled'
).split(' ')
