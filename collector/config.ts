/** The environment, checked: every mistake at once, each with the variable's name and what it takes. */
import { z } from 'zod'
import { LOG_FORMATS, type LogFormat } from './log.ts'

const FLAGS = ['1', '0', 'true', 'false', 'on', 'off', ''] as const
const isOn = (value: string): boolean => value === '1' || value === 'true' || value === 'on'
const flag = z.enum(FLAGS, 'takes on or off').transform(isOn)
const rate = z
  .string()
  .regex(/^\d{1,9}$/, 'takes a number of requests a minute, or 0 for any number')
  .transform(Number)

/** `postgres://…` may name several hosts, one of which has the database; a URL names one. */
const isAddress = (url: string): boolean =>
  url.startsWith('file:') || URL.canParse(url) || URL.canParse(url.replace(/,[^/?]*/, ''))

const DATABASE = 'takes file:PATH, such as file:./data/leadlight.db, or postgres://USER:PASSWORD@HOST/DATABASE'
/** As it can be sent in a header. */
const secret = z
  .string()
  .regex(/^[\x21-\x7e]{16,}$/, 'takes a secret of at least 16 characters: no spaces, ASCII alone')

const Environment = z.object({
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'takes a port number, such as 8787')
    .transform(Number)
    .refine((port) => port <= 65535, 'takes a port number up to 65535')
    .default(8787),
  HOST: z.string().min(1, 'takes a host name or address, such as 127.0.0.1').default('127.0.0.1'),
  DATABASE_URL: z
    .string()
    .regex(/^(file:.|postgres(ql)?:\/\/.)/, { error: DATABASE, abort: true })
    .refine(isAddress, DATABASE)
    .default('file:./data/leadlight.db'),
  LEADLIGHT_DATA: z.string().min(1, 'takes the path of a folder').default('./data'),
  LEADLIGHT_TOKEN: secret.optional(),
  LEADLIGHT_SECRET: z.string().min(16, 'takes a secret of at least 16 characters').optional(),
  LEADLIGHT_ALLOW_PRIVATE_WEBHOOKS: flag.optional(),
  LEADLIGHT_PUBLIC_URL: z
    .url({
      protocol: /^https?$/,
      error: 'takes the address under which browsers reach the collector, such as https://leads.example.com',
      abort: true,
    })
    .regex(
      /^[^:]+:\/\/[^/?#@]*\/*$/,
      'takes an address that ends with the host: the collector answers at / and nowhere below it',
    )
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  LEADLIGHT_MODEL: z.string().min(1, 'takes the path of a model file').optional(),
  LEADLIGHT_TRUST_PROXY: z
    .enum([...FLAGS, '2', '3', '4'], 'takes on or off, or the number of proxies in front, up to 4')
    .transform((value) => (isOn(value) ? 1 : Number(value) || 0))
    .optional(),
  LEADLIGHT_RATE_ADDRESS: rate.default(6000),
  LEADLIGHT_RATE_SITE: rate.default(1_200_000),
  LEADLIGHT_DEMO: flag.optional(),
  LEADLIGHT_LOG: z.enum(LOG_FORMATS, 'takes text or json').default('text'),
  NODE_ENV: z.string().optional(),
})

/** The names of everything that is read. */
export const VARIABLES: readonly string[] = Object.keys(Environment.shape)

export interface Config {
  readonly port: number
  readonly host: string
  /** Path of the SQLite file; with `postgres`, what else is kept lies beside it. */
  readonly path: string
  /** Address of the PostgreSQL database that takes the place of the file. */
  readonly postgres: string | undefined
  readonly token: string | undefined
  /** Seals what must not be read from the database. */
  readonly secret: string | undefined
  readonly allowsPrivateWebhooks: boolean
  readonly publicUrl: string | undefined
  readonly modelPath: string | undefined
  readonly trustsProxy: boolean
  /** Proxies in front that are trusted. */
  readonly proxies: number
  /** Requests a minute; 0: any number. */
  readonly rates: { readonly address: number; readonly site: number }
  readonly demo: boolean
  readonly logFormat: LogFormat
}

/** Thrown with one line per mistake. */
export class ConfigError extends Error {}

export const readConfig = (environment: Readonly<Record<string, string | undefined>>): Config => {
  const read = Environment.safeParse(environment)
  if (!read.success) {
    const lines = read.error.issues.map(({ path, message }) => `  ${path.join('.')} ${message}`)
    throw new ConfigError(
      `The configuration has ${lines.length === 1 ? 'a mistake' : 'mistakes'}:\n${lines.join('\n')}`,
    )
  }
  const { PORT, HOST, DATABASE_URL, NODE_ENV, ...own } = read.data
  return {
    port: PORT,
    host: HOST,
    ...(DATABASE_URL.startsWith('file:')
      ? { path: DATABASE_URL.slice('file:'.length), postgres: undefined }
      : { path: `${own.LEADLIGHT_DATA}/leadlight`, postgres: DATABASE_URL }),
    token: own.LEADLIGHT_TOKEN,
    secret: own.LEADLIGHT_SECRET,
    allowsPrivateWebhooks: own.LEADLIGHT_ALLOW_PRIVATE_WEBHOOKS ?? false,
    publicUrl: own.LEADLIGHT_PUBLIC_URL,
    modelPath: own.LEADLIGHT_MODEL,
    trustsProxy: (own.LEADLIGHT_TRUST_PROXY ?? 0) > 0,
    proxies: own.LEADLIGHT_TRUST_PROXY ?? 0,
    rates: { address: own.LEADLIGHT_RATE_ADDRESS, site: own.LEADLIGHT_RATE_SITE },
    demo: own.LEADLIGHT_DEMO ?? NODE_ENV !== 'production',
    logFormat: own.LEADLIGHT_LOG,
  }
}
