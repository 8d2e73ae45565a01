/** Programs that read get all documents. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { textsForMachines } from '../../scripts/lib/for-machines.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Drafts for other sites, why the code is as it is, and pages that are a widget. */
const ELSEWHERE = /^(?:for-providers|decisions|files|\.vitepress)\/|^(?:index|playground)\.md$/

test('llms.txt lists each document, and llms-full.txt has its text', () => {
  const { list, full } = textsForMachines(root)
  const listed = [...list.matchAll(/^- \[.+?\]\(\/(.+?)\.html\): .+[.?]$/gm)].map(
    ([, path = '']) => `${path}.md`,
  )
  const all = globSync('**/*.md', { cwd: join(root, 'docs') })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !ELSEWHERE.test(path))
  assert.deepEqual(listed.sort(), all.sort())
  for (const path of all) {
    const [title = ''] = /^# .+$/m.exec(readFileSync(join(root, 'docs', path), 'utf8')) ?? []
    assert.ok(full.includes(`\n${title}\n`), path)
  }
})
