import { numberFormat } from '../util/number-format.ts'
import type { ENGLISH } from './english.ts'
import type { ENGLISH_OF_ORDER } from './english-of-order.ts'
import type { ENGLISH_OF_RECORDER } from './english-of-recorder.ts'
import type { ENGLISH_OF_VIEWS } from './english-of-views.ts'
import type { Plural } from './plural.ts'

type English = typeof ENGLISH &
  typeof ENGLISH_OF_VIEWS &
  typeof ENGLISH_OF_ORDER &
  typeof ENGLISH_OF_RECORDER

/** The name of a text. */
export type StringKey = keyof English

/** All texts, in one language. */
export type Strings = {
  [Key in StringKey]: English[Key] extends string ? string : Plural
}

/** Values for the placeholders. */
export type Values = Record<string, string | number>

/** Fills in the placeholders. Numbers are formatted for the language. */
export function fill(text: string, values: Values, locale: string): string {
  return text.replace(/\{(\w+)\}/g, (all, name: string) => {
    const value = values[name]
    if (typeof value === 'number') return numberFormat(locale, {}).format(value)
    return value ?? all
  })
}
