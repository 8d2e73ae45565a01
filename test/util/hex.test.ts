import assert from 'node:assert/strict'
import { test } from 'node:test'
import { base64ToHex, toHex } from '../../src/util/hex.ts'

test('writes two digits for each byte', () => {
  assert.equal(toHex(Uint8Array.of(0, 1, 15, 16, 255)), '00010f10ff')
  assert.equal(toHex(new Uint8Array()), '')
})

test('writes an MD5 as an ETag has it', () => {
  assert.equal(base64ToHex('1B2M2Y8AsgTpgAmY7PhCfg=='), 'd41d8cd98f00b204e9800998ecf8427e')
})
