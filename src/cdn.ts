/**
 * The one file for `<script type="module" src="…/bucket-upload.js">`: it contains everything that a page
 * shows, and registers the elements. Translations are in the folder beside it, loaded when they are needed.
 *
 * @module
 */
import { setLocaleLoader } from './i18n/localize.ts'
import { closestLocale } from './locales/closest-locale.ts'

export * from './define.ts'

/** The folder beside the built file, with a slash at the end. The build knows its name. */
declare const LIBRARY_FOLDER: string

setLocaleLoader(async (tag) => {
  const code = closestLocale(tag)
  // Relative to the built file. Vite must not resolve it relative to this one.
  return code && (await import(/* @vite-ignore */ `./${LIBRARY_FOLDER}locales/${code}.js`)).default
})

/** Registers `<bucket-upload-recorder>`, which is in a file of its own. */
export const loadRecorder = () => import('./recorder.ts')
