import { numberFormat } from '../util/number-format.ts'
import type { ENGLISH } from './english.ts'
import type { ENGLISH_OF_VIEWS } from './english-of-views.ts'

/** A text for each plural category of the language; `other` is required. */
export type Plural = { [category in Intl.LDMLPluralRule]?: string } & { other: string }

type English = typeof ENGLISH & typeof ENGLISH_OF_VIEWS

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

/** Making one takes a hundred times as long as using it. */
const plurals = new Map<string, Intl.PluralRules>()

/** Selects the plural form for `count`. */
export function choose(text: string | Plural, values: Values, locale: string): string {
  if (typeof text === 'string') return text
  const rules = plurals.get(locale) ?? new Intl.PluralRules(locale)
  plurals.set(locale, rules)
  const category = rules.select(Number(values.count))
  return text[category] ?? text.other
}
