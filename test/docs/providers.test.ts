/** Each command of docs/from-the-provider-docs.md is run as it stands there, and does what it says. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { runProgram } from '../support/command.ts'
import { type CliBucket, cliBucket } from '../support/servers/cli-bucket.ts'
import {
  createUpload,
  getObject,
  headObject,
  listMultipartUploads,
  listObjects,
} from '../support/servers/s3-admin.ts'

const root = new URL('../../', import.meta.url).pathname
const docs = readFileSync(join(root, 'docs/from-the-provider-docs.md'), 'utf8')
const rows = [
  ...docs.matchAll(/^\| (.+) \| `((?:cat \S+ \\\| )?bucket-upload .+)` \| (.+) \|$/gm),
].map(([, original = '', command = '', does = '']) => ({
  original,
  command: command.replaceAll('\\|', '|'),
  does,
}))

let at: CliBucket
const folder = mkdtempSync(join(tmpdir(), 'provider-docs-'))
before(async () => {
  at = await cliBucket()
  const script = `#!/bin/sh\nexec "${process.execPath}" "${root}src/cli/main.ts" "$@"\n`
  writeFileSync(join(folder, 'bucket-upload'), script, { mode: 0o755 })
})
after(() => at.remove())
after(() => rmSync(folder, { recursive: true, force: true }))

/** Runs a line in a shell; resolves with what it printed. */
async function shell(command: string): Promise<string> {
  // The only path outside of the folder that the documents name.
  const line = command.replaceAll('BUCKET', at.bucket).replace(' /path/', ' ./path/')
  const { code, stdout, stderr } = await runProgram('sh', ['-c', line], {
    cwd: folder,
    env: { ...at.env, PATH: `${folder}:${process.env.PATH}` },
  })
  assert.equal(code, 0, stderr)
  return stdout
}

const keyOf = (command: string) => /s3:\/\/BUCKET\/(\S+)/.exec(command)?.[1] ?? ''
const stored = async (key: string) =>
  new TextDecoder().decode((await getObject(at.gateway, at.bucket, key))?.body)

/** Begins an upload in parts, a little more than a second ago. */
async function beginUpload(): Promise<void> {
  await createUpload(at.gateway, at.bucket, 'uploads/unfinished')
  await delay(2100)
}

const checks: Record<string, (command: string) => Promise<void>> = {
  async 'URL uploads'(command) {
    const body = randomUUID()
    const sent = await fetch((await shell(command)).trim(), { method: 'PUT', body })
    assert.equal(sent.status, 200)
    assert.equal(await stored(keyOf(command)), body)
  },
  async 'URL downloads'(command) {
    const got = await fetch((await shell(command)).trim())
    assert.equal(got.status, 200)
    assert.equal(await got.text(), await stored(keyOf(command)))
  },
  async 'object is stored'(command) {
    const [, file = ''] =
      /(?:--file|upload) \/?(\S+)/.exec(command.replace('bucket-upload ', '')) ?? []
    const content = randomUUID()
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), content)
    await shell(command)
    const key = keyOf(command)
    assert.equal(await stored(key.endsWith('/') ? `${key}${file}` : key), content)
  },
  async 'file is written'(command) {
    await shell(command)
    const [file = ''] = command.split(' ').slice(-1)
    assert.equal(readFileSync(join(folder, file), 'utf8'), await stored(keyOf(command)))
  },
  async 'bytes are printed'(command) {
    assert.equal(await shell(command), await stored(keyOf(command)))
  },
  async 'object is listed'(command) {
    assert.match(await shell(command), / {2}uploads\/my-file\.txt$/m)
  },
  async 'size is told'(command) {
    const { length } = await stored(keyOf(command))
    assert.match(await shell(command), new RegExp(`^size +${length} bytes`, 'm'))
  },
  async 'object is gone'(command) {
    const below = async () => (await listObjects(at.gateway, at.bucket, keyOf(command))).length
    assert.notEqual(await below(), 0)
    await shell(command)
    assert.equal(await below(), 0)
  },
  async 'folder is stored'(command) {
    mkdirSync(join(folder, 'site/deep'), { recursive: true })
    writeFileSync(join(folder, 'site/deep/a.txt'), 'text')
    await shell(command)
    assert.equal(await stored('site/deep/a.txt'), 'text')
  },
  async 'folder is written'(command) {
    await shell(command)
    assert.equal(readFileSync(join(folder, 'copy/deep/a.txt'), 'utf8'), 'text')
  },
  async 'stdin is stored'(command) {
    await shell(command)
    assert.equal(await stored('log.txt'), readFileSync(join(folder, 'my-file.txt'), 'utf8'))
  },
  async 'metadata is stored'(command) {
    await shell(command)
    const head = await headObject(at.gateway, at.bucket, keyOf(command))
    assert.equal(head?.get('Cache-Control'), 'max-age=60')
    assert.equal(head?.get('x-amz-meta-author'), 'Ada')
  },
  async 'upload is listed'(command) {
    await beginUpload()
    assert.match(await shell(command), /uploads\/unfinished$/m)
    assert.equal((await listMultipartUploads(at.gateway, at.bucket)).length, 1)
  },
  async 'upload is aborted'(command) {
    await beginUpload()
    await shell(command)
    assert.deepEqual(await listMultipartUploads(at.gateway, at.bucket), [])
  },
  async 'finds nothing wrong'(command) {
    const found = await shell(command)
    assert.match(found, /^✓ a URL that has expired is refused$/m)
    assert.doesNotMatch(found, /✗/)
  },
  async 'page is allowed'(command) {
    await shell(command)
    const headers = { Origin: 'https://app.example', 'Access-Control-Request-Method': 'PUT' }
    const url = `${at.gateway.endpoint}/${at.bucket}/x`
    assert.equal((await fetch(url, { method: 'OPTIONS', headers })).status, 200)
  },
}

describe('from the documents of the providers', () => {
  test('every line that has a command is run', () => {
    assert.equal(rows.length, docs.match(/`(?:cat [^`]*)?bucket-upload /g)?.length)
    for (const { does } of rows) assert.ok(checks[does], does)
  })
  for (const { original, command, does } of rows) {
    test(`${original}: ${command}`, () => checks[does]?.(command))
  }
})
