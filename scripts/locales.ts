/** `node scripts/locales.ts`: writes the list of the translations. A test fails while it is out of date. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { LOCALES_FILE, localesSource } from './lib/locales.ts'

const cwd = fileURLToPath(new URL('..', import.meta.url))
writeFileSync(`${cwd}${LOCALES_FILE}`, localesSource())
execFileSync('biome', ['check', '--write', LOCALES_FILE], { cwd, stdio: 'inherit' })
