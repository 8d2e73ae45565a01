/**
 * `node scripts/shared-texts.ts`: writes the texts of docs/.vitepress/shared into the documents that
 * have them in full, so that these read well anywhere. A test fails when one is out of date.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { documentsThatShare, withSharedTexts } from './lib/shared-texts.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
for (const path of documentsThatShare(root)) {
  const file = join(root, path)
  const text = readFileSync(file, 'utf8')
  const renewed = withSharedTexts(root, text)
  if (renewed === text) continue
  console.log(path)
  writeFileSync(file, renewed)
}
