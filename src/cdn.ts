/**
 * The one file for `<script type="module" src="…/bucket-upload.js">`: everything inside, registered.
 * Translations lie beside it, and are loaded when the page needs them.
 *
 * @module
 */
import { setLocaleLoader } from './i18n/localize.ts'
import { closestLocale } from './locales/closest-locale.ts'

export * from './define.ts'

setLocaleLoader(async (tag) => {
  const code = closestLocale(tag)
  // Beside the built file, wherever that is; Vite must not look for it beside this one.
  return code && (await import(/* @vite-ignore */ `./locales/${code}.js`)).default
})
