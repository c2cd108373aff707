/** The one door through which everything here is done: what goes wrong behind it never becomes the page's error. */

export const run = <A extends unknown[], R>(action: (...args: A) => R, ...args: A): R | undefined => {
  try {
    return action(...args)
  } catch {}
}
