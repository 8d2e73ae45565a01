import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { LOCALE_CODES } from '../../src/locales/codes.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const { bin, exports, jsdelivr, unpkg, version } = JSON.parse(
  await readFile(`${root}package.json`, 'utf8'),
)

/** Imports in a process of its own, as an application on a server would, and prints what it found. */
function importInNode(entry: string): string {
  return runInNode(
    `const m = await import(${JSON.stringify(entry)}); console.log(Object.keys(m).join(' '))`,
  )
}

function runInNode(code: string): string {
  return execFileSync(process.execPath, ['--input-type=module', '-e', code], {
    cwd: root,
    encoding: 'utf8',
  })
}

test('bucket-upload has the element, the engine and the error', () => {
  const names = importInNode('bucket-upload').trim().split(' ')
  for (const name of ['BucketUpload', 'UploadEngine', 'UploadError']) {
    assert.ok(names.includes(name), name)
  }
})

test('each translation can be imported in Node.js, by its path', () => {
  const imports = LOCALE_CODES.map((code) => `import('bucket-upload/locales/${code}')`)
  const code = `const all = await Promise.all([${imports}]);
    console.log(all.map((it) => it.default.code).join(' '))`
  assert.deepEqual(runInNode(code).trim().split(' '), LOCALE_CODES)
})

test('every path of package.json is built', async () => {
  const targets = Object.values(exports).flatMap((it) =>
    typeof it === 'string' ? [it] : Object.values(it as Record<string, string>),
  )
  for (const target of targets.flatMap((it) =>
    it.includes('*') ? LOCALE_CODES.map((code) => it.replace('*', code)) : [it],
  )) {
    await assert.doesNotReject(readFile(new URL(target, `file://${root}`)), target)
  }
})

test('the bare address at a CDN is the one file', () => {
  assert.equal(unpkg, exports['./cdn'].default)
  assert.equal(jsdelivr, unpkg)
})

test('the command runs as it is built', () => {
  const command = `${root}${bin['bucket-upload']}`
  const options = { encoding: 'utf8' } as const
  assert.equal(execFileSync(process.execPath, [command, '--version'], options), `${version}\n`)
})
