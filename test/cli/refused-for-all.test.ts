/** `upload` of many files to a bucket that is not there, and with keys that are refused: it is told once. */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, describe, type TestContext, test } from 'node:test'
import { bucketUpload } from '../support/command.ts'
import { type CliBucket, cliBucket } from '../support/servers/cli-bucket.ts'
import { bucketName } from '../support/servers/gateways.ts'
import { emptyBucket, listObjects } from '../support/servers/s3-admin.ts'

const COUNT = 300
/** Files on their way at a time. */
const PARALLEL = 16

const folder = mkdtempSync(join(tmpdir(), 'refused-'))
const names = Array.from({ length: COUNT }, (_, index) => `${1000 + index}.txt`)
const missing = bucketName('missing')
let at: CliBucket

before(async () => {
  at = await cliBucket()
  mkdirSync(join(folder, 'many'))
  for (const name of names) writeFileSync(join(folder, 'many', name), name)
})
afterEach(() => emptyBucket(at.gateway, at.bucket))
after(async () => {
  rmSync(folder, { recursive: true, force: true })
  await at.remove()
})

/**
 * The gateway behind a proxy that counts the requests that store something.
 *
 * @param change of a URL before the gateway sees it, with the number of the request
 */
async function watched(t: TestContext, change = (url: string, _count: number) => url) {
  let count = 0
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request
    if (method === 'PUT') count += 1
    const { hostname, port } = new URL(at.gateway.endpoint)
    const path = method === 'PUT' ? change(url, count) : url
    const onward = send({ hostname, port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(response)
    })
    request.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close().closeAllConnections())
  const { port } = server.address() as AddressInfo
  return { endpoint: `http://127.0.0.1:${port}`, puts: () => count }
}

const inFolder = (bucket: string, ...more: string[]) => [
  ...['upload', 'many', `s3://${bucket}/`, '--recursive'],
  ...more,
]
const byName = (bucket: string) => [
  ...['upload', ...names.map((name) => join('many', name)), `s3://${bucket}/`],
]

describe(`upload of ${COUNT} files`, () => {
  const cases: [what: string, args: () => string[], env: object, code: string, says: RegExp][] = [
    ['a folder, and no bucket', () => inFolder(missing), {}, 'no-such-bucket', /does not exist/],
    [
      'a folder that is not compared, and no bucket',
      () => inFolder(missing, '--all'),
      {},
      'no-such-bucket',
      /does not exist at this endpoint: check its name/,
    ],
    ['files by name, and no bucket', () => byName(missing), {}, 'no-such-bucket', /does not exist/],
    [
      'a wrong secret',
      () => inFolder(at.bucket),
      { AWS_SECRET_ACCESS_KEY: 'hunter2' },
      'wrong-secret',
      /check that the secret key/,
    ],
    [
      'a wrong secret, where nothing is compared',
      () => inFolder(at.bucket, '--all'),
      { AWS_SECRET_ACCESS_KEY: 'hunter2' },
      'wrong-secret',
      /check that the secret key/,
    ],
    [
      'a key that is not known',
      () => byName(at.bucket),
      { AWS_ACCESS_KEY_ID: 'NOBODY' },
      'wrong-key',
      /check AWS_ACCESS_KEY_ID/,
    ],
  ]
  for (const [what, args, env, code, says] of cases) {
    test(`says once what is wrong: ${what}`, async (t) => {
      const { endpoint, puts } = await watched(t)
      const settings = { ...at.env, BUCKET_UPLOAD_ENDPOINT: endpoint, ...env }
      const ran = await bucketUpload(args(), { cwd: folder, env: settings })
      assert.equal(ran.code, 1)
      assert.equal(ran.stdout, '')
      const [error = '', ...rest] = ran.stderr.trim().split('\n')
      assert.match(error, says)
      assert.match(error, new RegExp(`^Error: The .* \\(${code}\\)$`))
      // There is such a line only where it was about to send something.
      assert.deepEqual(rest, puts() > 0 ? [`0 of ${COUNT} files are uploaded.`] : [])
      assert.ok(puts() <= PARALLEL, `${puts()} requests`)
    })
  }

  test('has each file in its JSON, as one that failed', async () => {
    const args = [...inFolder(missing, '--all'), '--json']
    const { code, stdout } = await bucketUpload(args, { cwd: folder, env: at.env })
    assert.equal(code, 1)
    const { uploads, failed, error } = JSON.parse(stdout)
    assert.deepEqual(uploads, [])
    assert.deepEqual(
      failed.map((it: { key: string; error: object }) => [it.key, it.error]),
      names.map((name) => [name, error]),
    )
    assert.equal(error.code, 'no-such-bucket')
  })

  test('stops where the key is refused from then on, and tells what is stored', async (t) => {
    const { endpoint, puts } = await watched(t, (url, count) =>
      count > 100 ? url.replace(at.gateway.accessKeyId, 'REVOKED') : url,
    )
    const env = { ...at.env, BUCKET_UPLOAD_ENDPOINT: endpoint }
    const ran = await bucketUpload(inFolder(at.bucket), { cwd: folder, env })
    assert.equal(ran.code, 1)
    const stored = (await listObjects(at.gateway, at.bucket)).map(({ key }) => key)
    assert.equal(stored.length, 100)
    assert.deepEqual(
      ran.stdout.trim().split('\n'),
      stored.map((key) => `s3://${at.bucket}/${key}`),
    )
    assert.deepEqual(ran.stderr.match(/^Error: .*$/gm)?.length, 1, ran.stderr)
    assert.match(ran.stderr, /^Error: The server does not know the access key: .* \(wrong-key\)$/m)
    assert.match(ran.stderr, /^100 of 300 files are uploaded\.$/m)
    assert.ok(puts() <= 100 + PARALLEL, `${puts()} requests`)
  })

  test('goes on after one whose signature is refused, as the bucket takes others', async (t) => {
    const { endpoint } = await watched(t, (url) =>
      url.includes('/1000.txt?') ? url.replace(/(X-Amz-Signature=)\w{8}/, '$100000000') : url,
    )
    const env = { ...at.env, BUCKET_UPLOAD_ENDPOINT: endpoint }
    const ran = await bucketUpload(inFolder(at.bucket), { cwd: folder, env })
    assert.equal(ran.code, 1)
    assert.match(ran.stderr, /^Error: many\/1000\.txt: The signature does not match.*$/m)
    assert.match(ran.stderr, /^299 of 300 files are uploaded\.$/m)
    assert.equal((await listObjects(at.gateway, at.bucket)).length, COUNT - 1)
  })
})
