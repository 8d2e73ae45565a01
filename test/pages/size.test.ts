/** What a page loads stays within its budget, and the README says how much it is. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { entrySizes } from '../../scripts/lib/sizes.ts'

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

test('sizes', async (t) => {
  for (const { name, bytes, budget } of await entrySizes()) {
    await t.test(name, () => {
      assert.ok(bytes <= budget, `${bytes} bytes, of a budget of ${budget}`)
      const row = README.split('\n').find((line) => line.startsWith(`| \`${name}\` |`))
      const told = Number(/\| ([\d.]+) kB \|/.exec(row ?? '')?.[1]) * 1000
      // Compressors differ a little between versions.
      assert.ok(Math.abs(told - bytes) < 500, `the README says ${told}, and it is ${bytes}`)
    })
  }
})
