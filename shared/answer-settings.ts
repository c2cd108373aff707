/** What the API answers about the collector itself: sites, keys, what was refused, versions of the model, its health. */
import { z } from 'zod'
import { Document } from './model.ts'
import { PRESETS } from './presets.ts'

const Instant = z.iso.datetime()

export const CONSENTS = ['none', 'required', 'cookieless'] as const

/** A website, and how its visitors are treated. */
export const Site = z.object({
  name: z.string(),
  /** Public: it is in the page. */
  key: z.string(),
  createdAt: Instant,
  origins: z.array(z.string()),
  consent: z.enum(CONSENTS),
  allowsAutomation: z.boolean(),
  allowsPurchase: z.boolean(),
  honoursGpc: z.boolean(),
  tellsStage: z.boolean(),
  ignores: z.array(z.string()).optional(),
  staff: z.array(z.string()).optional(),
  pageRules: z.array(z.unknown()),
})
export const SiteList = z.object({ items: z.array(Site) })

export const KEY_KINDS = ['write', 'read', 'admin'] as const

/** A secret key; the secret itself is shown once, when it is made. */
export const Key = z.object({
  id: z.string(),
  kind: z.enum(KEY_KINDS),
  /** Of a write key. */
  site: z.string().nullable(),
  label: z.string(),
  /** Its last four characters. */
  hint: z.string(),
  createdAt: Instant,
  /** About when, to the minute; null for never. */
  lastUsedAt: Instant.nullable(),
})
export const KeyList = z.object({ items: z.array(Key) })
export const NewKey = Key.extend({ secret: z.string() })

/** Events that were not taken, the newest first, and how many there were of each kind. */
export const RejectedList = z.object({
  items: z.array(
    z.object({
      at: Instant,
      site: z.string().nullable(),
      id: z.string().nullable(),
      code: z.string(),
      message: z.string(),
    }),
  ),
  counts: z.record(z.string(), z.number().int()),
})

export const SignInLink = z.object({ url: z.string() })

export const ModelVersion = z.object({
  version: z.number().int(),
  state: z.enum(['draft', 'published', 'retired']),
  active: z.boolean(),
  name: z.string(),
  author: z.string(),
  approver: z.string().nullable(),
  reason: z.string(),
  createdAt: Instant,
  publishedAt: Instant.nullable(),
})
export const ModelList = z.object({ active: z.number().int(), items: z.array(ModelVersion) })
export const WholeModel = ModelVersion.extend({ model: Document })
export const PresetList = z.object({ items: z.array(z.object({ preset: z.enum(PRESETS), model: Document })) })
export const Validation = z.object({
  valid: z.boolean(),
  mistakes: z.array(z.object({ path: z.string(), message: z.string() })),
})

/** Work that takes longer than an answer should. */
export const Job = z.object({
  id: z.string(),
  kind: z.enum(['simulate', 'publish']),
  version: z.number().int(),
  state: z.enum(['running', 'done', 'failed']),
  progress: z.number().min(0).max(1),
  startedAt: Instant,
  endedAt: Instant.nullable(),
  /** Of a simulation, what would change; of a publication, the version. Null until it is done. */
  result: z.unknown(),
  problem: z.string().nullable(),
})

export const Health = z.object({ status: z.enum(['ok', 'ready']) })

/** What became of the events of a body. */
export const Verdict = z.object({
  success: z.literal(true).optional(),
  accepted: z.number().int(),
  duplicate: z.number().int(),
  rejected: z.array(
    z.object({ index: z.number().int(), id: z.string().nullable(), code: z.string(), message: z.string() }),
  ),
  /** The visitor's own, where the site opted in. */
  stage: z.string().optional(),
})
export const SdkSettings = z.object({
  integrations: z.object({ 'Segment.io': z.object({ apiKey: z.string(), apiHost: z.string(), protocol: z.string() }) }),
})
