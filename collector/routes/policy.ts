/** The headers under which a page of ours runs: only what it needs, only from here. */
import type { MiddlewareHandler } from 'hono'
import { secureHeaders } from 'hono/secure-headers'

const self = ["'self'"]
const none = ["'none'"]

/** `plays`: the page has pictures that move. */
export const pagePolicy = ({ plays = false } = {}): MiddlewareHandler =>
  secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: none,
      scriptSrc: self,
      styleSrc: self,
      imgSrc: [...self, 'data:'],
      mediaSrc: plays ? self : none,
      connectSrc: self,
      baseUri: none,
      formAction: self,
      frameAncestors: none,
    },
    referrerPolicy: 'same-origin',
    strictTransportSecurity: false,
  })
