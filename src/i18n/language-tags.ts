/** Translations for tags that have none, or that do not name the variant. */
const STAND_INS: Record<string, string> = {
  nn: 'nb',
  no: 'nb',
  pt: 'pt-PT',
  'sr-ME': 'sr-Latn',
  zh: 'zh-CN',
  'zh-Hant': 'zh-TW',
  'zh-HK': 'zh-TW',
  'zh-MO': 'zh-TW',
}

/** The canonical form of a BCP 47 tag; `en` if it is invalid. */
export function canonical(tag = 'en'): string {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? 'en'
  } catch {
    return 'en'
  }
}

/** A canonical tag and its fallbacks, the closest first. */
export function fallbacks(tag: string): string[] {
  const tags: string[] = []
  for (let at = tag; at; at = at.replace(/-?[^-]*$/, '')) tags.push(at, STAND_INS[at] ?? at)
  return tags
}
