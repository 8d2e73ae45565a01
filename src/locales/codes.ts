import { fallbacks } from '../i18n/language-tags.ts'

/** The languages that there is a translation for, as BCP 47 tags. English needs none. */
export const LOCALE_CODES = (
  'ar bg ca cs da de el es et fa fi fr he hi hr hu id it ja ko lt lv nb nl pl pt-BR pt-PT ro ru sk ' +
  'sl sr sr-Latn sv th tr uk vi zh-CN zh-TW'
).split(' ')

/**
 * The translation that suits a language best: `de` for `de-AT`. `undefined` where there is none.
 *
 * @param tag a canonical BCP 47 tag
 */
export function closestLocale(tag: string): string | undefined {
  return fallbacks(tag).find((it) => LOCALE_CODES.includes(it))
}
