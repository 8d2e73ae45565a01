import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const { exports } = JSON.parse(await readFile(`${root}package.json`, 'utf8'))

/** Imports in a process of its own, as an application on a server would, and prints what it found. */
function importInNode(entry: string): string {
  const code = `const m = await import(${JSON.stringify(entry)}); console.log(Object.keys(m).join(' '))`
  return execFileSync(process.execPath, ['--input-type=module', '-e', code], {
    cwd: root,
    encoding: 'utf8',
  })
}

for (const path of Object.keys(exports).filter((it) => !it.endsWith('.json') && it !== './cdn')) {
  const entry = path.replace('.', 'bucket-upload')
  test(`${entry} can be imported in Node.js, without a DOM`, () => {
    assert.notEqual(importInNode(entry).trim(), '')
  })
}

test('bucket-upload has the element, the engine and the error', () => {
  const names = importInNode('bucket-upload').trim().split(' ')
  for (const name of ['BucketUpload', 'UploadEngine', 'UploadError']) {
    assert.ok(names.includes(name), name)
  }
})

test('every path of package.json is built', async () => {
  for (const target of Object.values(exports).flatMap((it) =>
    typeof it === 'string' ? [it] : Object.values(it as Record<string, string>),
  )) {
    await assert.doesNotReject(readFile(new URL(target, `file://${root}`)), target)
  }
})
