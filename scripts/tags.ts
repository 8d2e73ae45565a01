/** `node scripts/tags.ts`: writes the table for the wrappers. A test fails when it is out of date. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { TAGS_FILE, tagsSource } from './lib/tags.ts'

const cwd = fileURLToPath(new URL('..', import.meta.url))
writeFileSync(`${cwd}${TAGS_FILE}`, tagsSource())
execFileSync('biome', ['check', '--write', TAGS_FILE], { cwd, stdio: 'inherit' })
