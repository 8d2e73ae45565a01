import { fallbacks } from '../i18n/language-tags.ts'
import { LOCALE_CODES } from './codes.ts'

/**
 * The translation that suits a language best: `de` for `de-AT`.
 *
 * @param tag a canonical BCP 47 tag
 * @returns `undefined` where there is none
 */
export function closestLocale(tag: string): string | undefined {
  return fallbacks(tag).find((it) => LOCALE_CODES.includes(it))
}
