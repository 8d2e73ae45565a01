import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { OPENAPI_FILE, openApi } from '../../scripts/lib/openapi.ts'
import { SCHEMA } from '../support/signer/schema.ts'

const document = JSON.parse(readFileSync(OPENAPI_FILE, 'utf8'))

test('the OpenAPI document is made of the schema', () => {
  assert.deepEqual(document, JSON.parse(openApi()), 'Run: node scripts/openapi.ts')
})

test('the OpenAPI document has every message of the schema, and every op', () => {
  const { schemas } = document.components
  assert.deepEqual(Object.keys(schemas), Object.keys(SCHEMA.$defs))
  const ops = Object.keys(schemas.SignerRequest.discriminator.mapping)
  for (const op of ['put', 'create', 'part', 'parts', 'complete', 'abort', 'link', 'status']) {
    assert.ok(ops.includes(op), op)
  }
  for (const [, name = ''] of JSON.stringify(document).matchAll(/"#\/([^"]+)"/g)) {
    const found = name.split('/').reduce((it, part) => it?.[part], document)
    assert.ok(found, name)
  }
})
