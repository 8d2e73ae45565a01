/** `copy`: what a page without a bundler loads, in a folder of its version. */
import assert from 'node:assert/strict'
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { after, beforeEach, describe, test } from 'node:test'
import { CDN } from '../support/built.ts'
import { bucketUpload } from '../support/command.ts'

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
const root = mkdtempSync(join(tmpdir(), 'copy-'))
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(root, 'site-'))
})
after(() => rmSync(root, { recursive: true, force: true }))

const copy = (...args: string[]) => bucketUpload(['copy', ...args], { cwd: folder })

describe('copy', () => {
  test('copies each script, no source map, and no comment that names one', async () => {
    const { code, stdout } = await copy('public/vendor')
    assert.equal(code, 0)
    const tag = `<script type="module" src="/vendor/bucket-upload-${version}/bucket-upload.js"></script>\n`
    assert.equal(stdout, tag)
    const target = join(folder, `public/vendor/bucket-upload-${version}`)
    const files = globSync('**/*.*', { cwd: target }).sort()
    assert.deepEqual(files, globSync('**/*.js', { cwd: CDN }).sort())
    assert.ok(
      files.some((it) => it.endsWith('/hash-worker.js')) &&
        files.some((it) => it.endsWith('/locales/de.js')),
    )
    for (const file of files) {
      assert.doesNotMatch(readFileSync(join(target, file), 'utf8'), /sourceMappingURL/, file)
    }
  })

  test('tells programs the folder, the files and the tag, and may be repeated', async () => {
    await copy('static')
    const { code, stdout } = await copy('static', '--json')
    assert.equal(code, 0)
    const { folder: target, files, tag } = JSON.parse(stdout)
    assert.equal(basename(target), `bucket-upload-${version}`)
    assert.ok(files.includes('bucket-upload.js'))
    assert.match(tag, new RegExp(`src="/bucket-upload-${version}/bucket-upload.js"`))
    assert.equal(globSync('*/uploader.js', { cwd: join(folder, target) }).length, 1)
  })

  test('says what is missing, and what cannot be written', async () => {
    assert.equal((await copy()).code, 2)
    assert.equal((await copy('a', 'b')).code, 2)
    writeFileSync(join(folder, 'a'), 'a file, and no folder')
    const { code, stdout } = await copy('a', '--json')
    assert.deepEqual([code, JSON.parse(stdout).error.code], [1, 'cannot-write'])
  })
})
