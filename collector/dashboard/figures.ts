/** Numbers as people read them. Points have one decimal, here and nowhere else. */
import { locale } from './strings/language.ts'

const shape = (signDisplay: 'negative' | 'exceptZero') =>
  new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay })
const plain = shape('negative')
const signed = shape('exceptZero')
const signedWhole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0, signDisplay: 'exceptZero' })
const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
const hundredths = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 })
const exact = new Intl.NumberFormat(locale, { maximumFractionDigits: 4 })
const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 })

/** The one rounding: to one decimal, away from zero at the half. */
export const oneDecimal = (value: number): number => (Math.sign(value) * Math.round(Math.abs(value) * 10)) / 10 || 0

/** `42.7` */
export const points = (value: number): string => plain.format(oneDecimal(value))
/** `+6.0`, `−10.0` */
export const gain = (value: number): string => signed.format(oneDecimal(value))
/** `+6`, `−10`: of people. */
export const more = (value: number): string => signedWhole.format(value)
/** `1,204` */
export const count = (value: number): string => whole.format(value)
/** How much of its points age has left: `0.87` */
export const ageFactor = (value: number): string => hundredths.format(value)
/** A setting as it is: `0.5`, `1,000` */
export const plainNumber = (value: number): string => exact.format(value)
/** How many times: `1.6` */
export const times = (value: number): string => plain.format(oneDecimal(value))
/** A share of one as `64%` */
export const share = (value: number): string => percent.format(value)
