import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const LONG_NAMES = fileURLToPath(new URL('./long-names.ts', import.meta.url))

test('a name, a path and a key take no longer for each letter the longer they are', () => {
  // What grows with the square takes most of an hour, and cannot be stopped from inside.
  execFileSync(process.execPath, [LONG_NAMES], { timeout: 60_000 })
})
