/** The origin under which browsers reach the collector, where something tells: the owner, or a proxy that is trusted. */
export type PublicOrigin = (header: (name: string) => string | undefined) => string | undefined

export interface PublicOriginOptions {
  readonly publicUrl: string | undefined
  /** Whether `X-Forwarded-Proto` and `X-Forwarded-Host` are believed. */
  readonly trustsProxy: boolean
}

export const createPublicOrigin = ({ publicUrl, trustsProxy }: PublicOriginOptions): PublicOrigin => {
  if (publicUrl !== undefined) return () => new URL(publicUrl).origin
  if (!trustsProxy) return () => undefined
  return (header) => {
    // A chain of proxies names the first one first.
    const first = (name: string) => header(name)?.split(',')[0]?.trim()
    const told = `${first('x-forwarded-proto') ?? 'http'}://${first('x-forwarded-host') ?? header('host')}`
    return URL.canParse(told) ? new URL(told).origin : undefined
  }
}
