/**
 * All translations. Each is in its own file, which is loaded when it is needed.
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
import { closestLocale } from './closest-locale.ts'
import { LOCALES } from './codes.ts'

export { LOCALES }

/**
 * Loads the translation that suits a language best: German for `de-AT`.
 *
 * @param tag a BCP 47 tag
 * @returns `undefined` where there is no translation; the elements then use English
 */
export async function loadLocale(tag: string): Promise<Locale | undefined> {
  const load = LOCALES[closestLocale(canonical(tag)) ?? '']
  return (await load?.())?.default
}
