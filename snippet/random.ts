/** Ids that nobody can guess and that never meet. */

/** 64 random bits in digits of that base: twelve or thirteen of base 36. */
export const random = (base: 16 | 36): string => crypto.getRandomValues(new BigUint64Array(1))[0]!.toString(base)
