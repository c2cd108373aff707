/** Lists as PostgreSQL reads them: however many rows there are, a statement takes one text for each column. */

export const numbers = (list: readonly (number | string | null)[]): string =>
  `{${list.map((each) => each ?? 'NULL').join(',')}}`

/** The one character that no text may hold there is replaced. */
export const texts = (list: readonly (string | null)[]): string =>
  `{${list.map((each) => (each === null ? 'NULL' : quoted(each))).join(',')}}`

export const bytes = (list: readonly (Buffer | null)[]): string =>
  `{${list.map((each) => (each === null ? 'NULL' : `"\\\\x${each.toString('hex')}"`)).join(',')}}`

const quoted = (text: string): string => `"${text.replaceAll('\0', '\ufffd').replace(/["\\]/g, '\\$&')}"`
