/** What several documents say in the same words stands in one file. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { documentsThatShare, withSharedTexts } from '../../scripts/lib/shared-texts.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const documents = documentsThatShare(root)

test('quick starts share the steps that they have in common', () => {
  assert.ok(documents.filter((it) => it.startsWith('docs/start/')).length > 10)
})

for (const path of documents) {
  test(`${path} has its shared texts as they are`, () => {
    const text = readFileSync(join(root, path), 'utf8')
    assert.equal(text, withSharedTexts(root, text), 'Run: node scripts/shared-texts.ts')
  })
}

test('a value takes its place in the text', () => {
  const document = 'Before\n\n<!-- shared: cors port=8123 -->\nold\n<!-- /shared -->\n\nAfter\n'
  const renewed = withSharedTexts(root, document)
  assert.match(renewed, /^Before\n\n<!-- shared: cors port=8123 -->\n\nStorj/)
  assert.match(
    renewed,
    /http:\/\/localhost:8123 s3:\/\/my-bucket\n```\n\n<!-- \/shared -->\n\nAfter\n$/,
  )
})

test('a value that is missing is named', () => {
  const document = '<!-- shared: cors -->\n<!-- /shared -->\n'
  assert.throws(() => withSharedTexts(root, document), /cors\.md wants port=/)
})
