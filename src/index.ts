/**
 * Everything for the browser, without side effects: importing this registers no element, touches no
 * DOM, and works in Node.js. Import `bucket-upload/define` for the tags.
 *
 * @module
 */

export * from './elements/index.ts'
export * from './engine/index.ts'
export {
  type Locale,
  type LocaleLoader,
  type OwnStrings,
  registerLocale,
  setLocaleLoader,
} from './i18n/localize.ts'
export type { Plural } from './i18n/plural.ts'
export type { StringKey, Strings } from './i18n/strings.ts'
