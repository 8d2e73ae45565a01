import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { allowsWebAssembly } from '../../../src/engine/hash/web-assembly.ts'

describe('a Content-Security-Policy and WebAssembly', () => {
  for (const [policy, expected] of [
    ['', true],
    ["img-src 'self'", true],
    ["default-src 'self'", false],
    ["script-src 'self'", false],
    ["script-src 'self' 'wasm-unsafe-eval'", true],
    ["script-src 'self' 'unsafe-eval'", true],
    ["default-src 'none'; script-src 'self' 'WASM-unsafe-eval'; img-src *", true],
    ["default-src 'wasm-unsafe-eval'; script-src 'self'", false],
    ["script-src 'unsafe-eval', script-src 'self'", false],
    ["script-src-elem 'self'", true],
  ] as const) {
    it(`${expected ? 'allows' : 'forbids'} it with "${policy}"`, () => {
      assert.equal(allowsWebAssembly(policy), expected)
    })
  }
})
