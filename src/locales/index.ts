/**
 * All translations, each in a file of its own that is loaded when it is needed.
 *
 * ```js
 * import { setLocaleLoader } from 'bucket-upload'
 * import { loadLocale } from 'bucket-upload/locales'
 *
 * setLocaleLoader(loadLocale)
 * ```
 *
 * @module
 */

import { canonical } from '../i18n/language-tags.ts'
import type { Locale } from '../i18n/localize.ts'
import { closestLocale } from './codes.ts'

/** A function for each language that loads its translation. */
export const LOCALES: Record<string, () => Promise<{ default: Locale }>> = {
  ar: () => import('./ar.ts'),
  bg: () => import('./bg.ts'),
  ca: () => import('./ca.ts'),
  cs: () => import('./cs.ts'),
  da: () => import('./da.ts'),
  de: () => import('./de.ts'),
  el: () => import('./el.ts'),
  es: () => import('./es.ts'),
  et: () => import('./et.ts'),
  fa: () => import('./fa.ts'),
  fi: () => import('./fi.ts'),
  fr: () => import('./fr.ts'),
  he: () => import('./he.ts'),
  hi: () => import('./hi.ts'),
  hr: () => import('./hr.ts'),
  hu: () => import('./hu.ts'),
  id: () => import('./id.ts'),
  it: () => import('./it.ts'),
  ja: () => import('./ja.ts'),
  ko: () => import('./ko.ts'),
  lt: () => import('./lt.ts'),
  lv: () => import('./lv.ts'),
  nb: () => import('./nb.ts'),
  nl: () => import('./nl.ts'),
  pl: () => import('./pl.ts'),
  'pt-BR': () => import('./pt-BR.ts'),
  'pt-PT': () => import('./pt-PT.ts'),
  ro: () => import('./ro.ts'),
  ru: () => import('./ru.ts'),
  sk: () => import('./sk.ts'),
  sl: () => import('./sl.ts'),
  sr: () => import('./sr.ts'),
  'sr-Latn': () => import('./sr-Latn.ts'),
  sv: () => import('./sv.ts'),
  th: () => import('./th.ts'),
  tr: () => import('./tr.ts'),
  uk: () => import('./uk.ts'),
  vi: () => import('./vi.ts'),
  'zh-CN': () => import('./zh-CN.ts'),
  'zh-TW': () => import('./zh-TW.ts'),
}

/**
 * Loads the translation that suits a language best: German for `de-AT`.
 *
 * @param tag a BCP 47 tag
 * @returns `undefined` where there is none, and English has to do
 */
export async function loadLocale(tag: string): Promise<Locale | undefined> {
  const load = LOCALES[closestLocale(canonical(tag)) ?? '']
  return (await load?.())?.default
}
