/** A text for each plural category of the language; `other` is required. */
export type Plural = { [category in Intl.LDMLPluralRule]?: string } & { other: string }

/** Making one takes a hundred times as long as using it. */
const plurals = new Map<string, Intl.PluralRules>()

/** Selects the plural form for `count`. */
export function choose(text: string | Plural, count: unknown, locale: string): string {
  if (typeof text === 'string') return text
  const rules = plurals.get(locale) ?? new Intl.PluralRules(locale)
  plurals.set(locale, rules)
  const category = rules.select(Number(count))
  return text[category] ?? text.other
}
