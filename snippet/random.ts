/** Ids that nobody can guess and that never meet. */

/** 64 random bits in digits of base 36: twelve or thirteen, seldom fewer. */
export const random = (): string => crypto.getRandomValues(new BigUint64Array(1))[0]!.toString(36)
