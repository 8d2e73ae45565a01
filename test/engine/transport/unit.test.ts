import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cutIntoParts } from '../../../src/engine/transport/unit.ts'

test('leaves no byte out, and none twice', async () => {
  const bytes = crypto.getRandomValues(new Uint8Array(1000))
  const parts = cutIntoParts('f', new File([bytes], 'a'), 300)
  assert.deepEqual(
    parts.map(({ partNumber, body }) => [partNumber, body.size]),
    [
      [1, 300],
      [2, 300],
      [3, 300],
      [4, 100],
    ],
  )
  const joined = await new Blob(parts.map(({ body }) => body)).bytes()
  assert.deepEqual(joined, bytes)
})
