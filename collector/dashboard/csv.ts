/** A table of the page as a file for a spreadsheet: what is read is what is written, and no cell can be a formula. */

/** Spreadsheets take a cell for a formula that begins like this; an apostrophe in front says that it is a text. */
const FORMULA = /^[=+@\t\r]|^[-−](?![\d.,\s ]+%?$)/

const cellOf = (text: string): string => {
  const plain = FORMULA.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}

/** Lines end as RFC 4180 has it; the mark in front tells a spreadsheet that it is UTF-8. */
export const csvOf = (rows: readonly (readonly string[])[]): string =>
  `\uFEFF${rows.map((row) => `${row.map(cellOf).join(',')}\r\n`).join('')}`

/** What a reader sees; parts of a cell that stand below each other are parted by a space. */
const textOf = (cell: HTMLElement): string => cell.innerText.replace(/\s+/g, ' ').trim()

export const rowsOf = (table: HTMLTableElement): readonly (readonly string[])[] =>
  [...table.rows].map((row) => [...row.cells].map(textOf))

export const saveText = (name: string, text: string, type = 'text/csv'): void => {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }))
  const link = Object.assign(document.createElement('a'), { href: url, download: name })
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 1000)
}
