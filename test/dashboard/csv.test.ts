/** A table of the page as a file for a spreadsheet. */
import { expect, it } from 'vitest'
import { csvOf } from '../../collector/dashboard/csv.ts'

it('quotes what would end a cell, and ends lines as spreadsheets expect', () => {
  expect(
    csvOf([
      ['a', 'b, c'],
      ['say "hi"', 'two\nlines'],
    ]),
  ).toBe('\uFEFFa,"b, c"\r\n"say ""hi""","two\nlines"\r\n')
})

it.each([
  ['=1+1', "'=1+1"],
  ['+cmd', "'+cmd"],
  ['@sum', "'@sum"],
  ['-2+3', "'-2+3"],
  ['−x', "'−x"],
  ['-10.0', '-10.0'],
  ['−1 204', '−1 204'],
  ['12 %', '12 %'],
])('makes no formula of %s', (cell, written) => {
  expect(csvOf([[cell]])).toBe(`\uFEFF${written}\r\n`)
})
