/** Ids that nobody can guess and that never meet. */

/** `length` random digits of base 16 or 36. */
export const random = (length: number, base: 16 | 36): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(length)), (byte) => (byte % base).toString(base)).join('')
