/** Every column of a table has a name, which screen readers say with each cell. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const documents = globSync(['*.md', 'docs/**/*.md', 'examples/**/*.md'], {
  cwd: root,
  exclude: ['**/node_modules/**', 'docs/api/**', 'docs/files/**', 'docs/.vitepress/**'],
})

test('every column of a table has a name', () => {
  const unnamed = documents.flatMap((document) => {
    const text = readFileSync(join(root, document), 'utf8').replace(
      /^(`{3,}).*\n[\s\S]*?^\1$/gm,
      '',
    )
    const heads = [...text.matchAll(/^(\|.*\|)\n\|[-: |]+\|$/gm)].map(([, head = '']) => head)
    return heads.filter((head) => /\|\s*\|/.test(head)).map((head) => `${document}: ${head}`)
  })
  assert.deepEqual(unnamed, [])
})
