/** Keeps what goes wrong here from becoming the page's error. */

export const safe =
  <A extends unknown[], R>(action: (...args: A) => R) =>
  (...args: A): R | undefined => {
    try {
      return action(...args)
    } catch {}
  }
