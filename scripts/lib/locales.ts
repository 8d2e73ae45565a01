import { readdirSync } from 'node:fs'

/** The list of the translations, with the function that loads each. */
export const LOCALES_FILE = 'src/locales/codes.ts'

/** What else is in the folder. */
const OTHERS = ['closest-locale', 'codes', 'index']

/** The codes of all translations, by the files that there are. */
export function localeCodes(): string[] {
  return readdirSync(new URL('../../src/locales', import.meta.url))
    .map((file) => file.replace(/\.ts$/, ''))
    .filter((name) => !OTHERS.includes(name))
    .sort()
}

/** The source of the list. */
export function localesSource(): string {
  const codes = localeCodes()
  const loaders = codes.map((code) => `'${code}': () => import('./${code}.ts'),`)
  return `// Made of the files in this folder by \`node scripts/locales.ts\`. Do not edit.
import type { Locale } from '../i18n/localize.ts'

const CODES = '${codes.join(' ')}'

/** The languages that there is a translation for, as BCP 47 tags. English needs none. */
export const LOCALE_CODES = CODES.split(' ')

/** A function for each language that loads its translation. */
export const LOCALES: Record<string, () => Promise<{ default: Locale }>> = {
${loaders.join('\n')}
}
`
}
