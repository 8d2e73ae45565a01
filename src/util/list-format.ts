const formats = new Map<string, Intl.ListFormat>()

/** Joins words as the language does: "a, b or c". */
export function joinWords(
  words: string[],
  locale: string | undefined,
  type: 'conjunction' | 'disjunction',
): string {
  const name = `${locale} ${type}`
  const format = formats.get(name) ?? new Intl.ListFormat(locale, { type })
  formats.set(name, format)
  return format.format(words)
}
