/** The form of a word that goes with a number, by the rules of the language. */

/** `one` and `other` are what all of our languages have; `other` does for the rest. */
export const createPlural = (language: string) => {
  const rules = new Intl.PluralRules(language)
  const figures = new Intl.NumberFormat(language)
  return (n: number, one: string, other: string): string =>
    `${figures.format(n)} ${rules.select(n) === 'one' ? one : other}`
}
