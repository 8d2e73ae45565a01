/** Languages without a translation, or whose tag leaves open which one is meant. */
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

/** A BCP 47 tag as it is properly written, or that of English where it is none. */
export function canonical(tag = 'en'): string {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? 'en'
  } catch {
    return 'en'
  }
}

/** A canonical tag and all that may stand in for it, the closest first. */
export function fallbacks(tag: string): string[] {
  const tags: string[] = []
  for (let at = tag; at; at = at.replace(/-?[^-]*$/, '')) tags.push(at, STAND_INS[at] ?? at)
  return tags
}
