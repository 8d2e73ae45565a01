/** What a page loads stays within its budget, and docs/sizes.md says how much it is. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { entrySizes } from '../../scripts/lib/sizes.ts'

const PAGE = readFileSync(new URL('../../docs/sizes.md', import.meta.url), 'utf8')

test('sizes', async (t) => {
  for (const { name, bytes, budget } of await entrySizes()) {
    await t.test(name, () => {
      assert.ok(bytes <= budget, `${bytes} bytes, of a budget of ${budget}`)
      const row = PAGE.split('\n').find((line) => line.startsWith(`| \`${name}\` |`))
      const told = Number(/\| ([\d.]+) kB \|/.exec(row ?? '')?.[1]) * 1000
      // Compressors differ a little between versions.
      assert.ok(Math.abs(told - bytes) < 500, `docs/sizes.md says ${told}, and it is ${bytes}`)
    })
  }
})
