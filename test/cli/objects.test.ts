/** `ls`, `stat` and `rm`: against a real gateway, with keys that are hard to write, and more than a page. */
import assert from 'node:assert/strict'
import { createServer, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach, describe, type TestContext, test } from 'node:test'
import { AwsClient } from 'aws4fetch'
import { bucketUpload, runProgram } from '../support/command.ts'
import { type CliBucket, cliBucket } from '../support/servers/cli-bucket.ts'
import { emptyBucket, listObjects, objectUrl } from '../support/servers/s3-admin.ts'

let at: CliBucket
before(async () => {
  at = await cliBucket()
})
after(() => at.remove())
beforeEach(() => emptyBucket(at.gateway, at.bucket))

function run(args: string[], env: Record<string, string> = {}) {
  return bucketUpload(args, { env: { ...at.env, ...env } })
}

async function put(key: string, body = key, headers: Record<string, string> = {}): Promise<void> {
  const client = new AwsClient({ ...at.gateway, service: 's3', retries: 3 })
  const url = objectUrl(at.gateway, at.bucket, key)
  const { status } = await client.fetch(url, { method: 'PUT', body, headers })
  assert.equal(status, 200)
}

/** Puts many small objects, twenty at a time. */
async function putMany(count: number, keyOf: (index: number) => string): Promise<void> {
  for (let start = 0; start < count; start += 20) {
    const some = Array.from({ length: Math.min(20, count - start) }, (_, at) => keyOf(start + at))
    await Promise.all(some.map((key) => put(key, 'x')))
  }
}

const keys = async () => (await listObjects(at.gateway, at.bucket)).map(({ key }) => key)

const HARD = ['a b+c%20d.txt', 'ünï/日本.txt', '<&>"\'.xml', 'tab\there', '~!*()']

describe('ls', () => {
  test('lists one level, with sizes, dates and folders', async () => {
    for (const key of ['cat.jpg', 'pets/dog.jpg', 'pets/old/x']) await put(key, 'x'.repeat(1500))
    const { code, stdout, stderr } = await run(['ls', `s3://${at.bucket}`])
    assert.equal(code, 0, stderr)
    const [folder = '', object = '', end] = stdout.split('\n')
    assert.equal(folder.trim(), 'pets/')
    assert.match(object, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ +1\.5 kB {2}cat\.jpg$/)
    assert.equal(folder.indexOf('pets/'), object.indexOf('cat.jpg'))
    assert.equal(end, '')
    assert.equal(stderr, '2 listed, 1.5 kB\n')
    const inside = await run(['ls', `s3://${at.bucket}/pets/`, '--json'])
    const { objects, ...rest } = JSON.parse(inside.stdout)
    assert.deepEqual(rest, { bucket: at.bucket, prefix: 'pets/', folders: ['pets/old/'] })
    assert.deepEqual(Object.keys(objects[0]), ['key', 'size', 'modified', 'etag'])
    assert.deepEqual([objects[0].key, objects[0].size], ['pets/dog.jpg', 1500])
    assert.match(objects[0].etag, /^[\da-f]{32}$/)
    assert.ok(Math.abs(Date.parse(objects[0].modified) - Date.now()) < 600_000)
  })

  test('lists all that is below, and each key as it is', async () => {
    for (const key of HARD) await put(key)
    const { stdout } = await run(['ls', `s3://${at.bucket}`, '--recursive', '--json'])
    const listed = JSON.parse(stdout).objects.map(({ key }: { key: string }) => key)
    assert.deepEqual(listed.sort(), [...HARD].sort())
    const shown = await run(['ls', `s3://${at.bucket}`, '--recursive'])
    assert.ok(shown.stdout.includes('  tab\\u{9}here\n'), shown.stdout)
  })

  test('goes on after a page of a thousand', async () => {
    await putMany(1005, (index) => `many/${String(index).padStart(4, '0')}`)
    const { stdout } = await run(['ls', `s3://${at.bucket}/many/`, '--json'])
    const { objects } = JSON.parse(stdout)
    assert.equal(objects.length, 1005)
    assert.equal(new Set(objects.map(({ key }: { key: string }) => key)).size, 1005)
  })

  test('takes the bucket of the environment, and says that nothing is there', async () => {
    const { code, stdout, stderr } = await run(['ls'], { BUCKET_UPLOAD_BUCKET: at.bucket })
    assert.deepEqual([code, stdout], [0, ''])
    assert.equal(stderr, `Nothing begins with "s3://${at.bucket}/".\n`)
    const none = await run(['ls'])
    assert.equal(none.code, 2)
    assert.match(none.stderr, /\(missing-argument\)/)
  })

  test('names what is wrong', async () => {
    const missing = await run(['ls', 's3://no-such-bucket-here'])
    assert.match(missing.stderr, /\(no-such-bucket\)/)
    const wrong = await run(['ls', `s3://${at.bucket}`], { AWS_SECRET_ACCESS_KEY: 'hunter2' })
    assert.match(wrong.stderr, /\(wrong-secret\)/)
    assert.equal(wrong.code, 1)
    const two = await run(['ls', 's3://a', 's3://b'])
    assert.match(two.stderr, /\(bad-argument\)/)
  })
})

describe('stat', () => {
  test('tells what is stored with an object', async () => {
    await put('a b.txt', 'x'.repeat(2000), {
      'Content-Type': 'text/plain',
      'Cache-Control': 'max-age=60',
      'Content-Disposition': 'attachment',
      'x-amz-meta-author': 'Ada',
    })
    const { stdout } = await run(['stat', `s3://${at.bucket}/a b.txt`, '--json'])
    const { etag, modified, ...rest } = JSON.parse(stdout)
    assert.match(etag, /^[\da-f]{32}$/)
    assert.ok(Math.abs(Date.parse(modified) - Date.now()) < 600_000)
    const { storageClass, versionId, ...known } = rest
    assert.deepEqual(known, {
      bucket: at.bucket,
      key: 'a b.txt',
      size: 2000,
      type: 'text/plain',
      cacheControl: 'max-age=60',
      contentDisposition: 'attachment',
      metadata: { author: 'Ada' },
    })
    const shown = await run(['stat', `s3://${at.bucket}/a b.txt`])
    assert.match(shown.stdout, /^size +2000 bytes \(2 kB\)$/m)
    assert.match(shown.stdout, /^meta author +Ada$/m)
  })

  test('names what is wrong, though the answer to HEAD has no body', async () => {
    for (const [address, env, code] of [
      [`s3://${at.bucket}/nothing-here`, {}, 'no-such-object'],
      ['s3://no-such-bucket-here/a', {}, 'no-such-bucket'],
      [`s3://${at.bucket}/a`, { AWS_SECRET_ACCESS_KEY: 'hunter2' }, 'wrong-secret'],
      [`s3://${at.bucket}/a`, { AWS_ACCESS_KEY_ID: 'NOBODY' }, 'wrong-key'],
    ] as const) {
      const ran = await run(['stat', address], env)
      assert.equal(ran.code, 1)
      assert.ok(ran.stderr.endsWith(` (${code})\n`), ran.stderr)
    }
  })
})

describe('rm', () => {
  test('deletes the objects that are named, and no other', async () => {
    for (const key of ['a', 'a/b', 'ab', ...HARD]) await put(key)
    const named = ['a', ...HARD.filter((key) => key !== 'tab\there')]
    const ran = await run(['rm', ...named.map((key) => `s3://${at.bucket}/${key}`)])
    assert.equal(ran.code, 0, ran.stderr)
    assert.equal(ran.stderr, `✓ ${named.length} of ${named.length} deleted\n`)
    assert.deepEqual((await keys()).sort(), ['a/b', 'ab', 'tab\there'])
    const one = await run(['rm', `s3://${at.bucket}/ab`, '--json'])
    assert.deepEqual(JSON.parse(one.stdout), { bucket: at.bucket, deleted: ['ab'], failed: [] })
    assert.deepEqual((await keys()).sort(), ['a/b', 'tab\there'])
  })

  test('deletes all that is below a folder, a thousand at a time', async () => {
    await putMany(1005, (index) => `old/${index}`)
    for (const key of ['older', 'old', 'new/old/x', 'old/ü +%.txt']) await put(key)
    const dry = await run(['rm', `s3://${at.bucket}/old`, '--recursive', '--dry-run', '--json'])
    const { deleted, dryRun } = JSON.parse(dry.stdout)
    assert.deepEqual([deleted.length, dryRun], [1006, true])
    assert.equal((await keys()).length, 1009)
    const ran = await run(['rm', `s3://${at.bucket}/old`, '--recursive', '--yes'])
    assert.equal(ran.code, 0, ran.stderr)
    assert.match(ran.stderr, /^✓ 1006 of 1006 deleted$/m)
    assert.deepEqual(await keys(), ['new/old/x', 'old', 'older'])
  })

  test('asks first, and deletes nothing without a yes', async () => {
    await put('kept/x')
    const args = ['rm', `s3://${at.bucket}/kept/`, '--recursive']
    const { code, stderr } = await run(args)
    assert.equal(code, 2)
    assert.match(stderr, /Delete 1 object .*add "--yes"\. \(missing-argument\)/)
    const main = new URL('../../src/cli/main.ts', import.meta.url).pathname
    const asked = (answer: string) => {
      const command = `${process.execPath} ${main} ${args.join(' ')}`
      const line = `{ sleep 2; echo ${answer}; sleep 1; } | script -qec '${command}' /dev/null`
      return runProgram('bash', ['-o', 'pipefail', '-c', line], {
        env: { ...at.env, TERM: 'xterm' },
      })
    }
    const no = await asked('n')
    assert.equal(no.code, 1, no.stdout)
    assert.match(no.stdout, /Delete 1 object .*Nothing is deleted/s)
    assert.deepEqual(await keys(), ['kept/x'])
    const yes = await asked('y')
    assert.equal(yes.code, 0, yes.stdout)
    assert.deepEqual(await keys(), [])
  })

  /** The gateway, but for one kind of request. */
  async function without(t: TestContext, refuse: (url: string) => number | undefined) {
    const requests: string[] = []
    const server = createServer(async (request, response) => {
      const { method = '', url = '', headers } = request
      requests.push(method)
      const refusal = refuse(url)
      if (refusal !== undefined) {
        response.writeHead(refusal).end('<Error><Code>NotImplemented</Code></Error>')
        return
      }
      const body = Buffer.concat(await request.toArray())
      // A signed URL is for the host that it was signed for.
      const { hostname, port } = new URL(at.gateway.endpoint)
      const passed = send({ hostname, port, method, path: url, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers)
        answer.pipe(response)
      })
      passed.end(body)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    t.after(() => server.close().closeAllConnections())
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    return { requests, env: { BUCKET_UPLOAD_ENDPOINT: endpoint } }
  }

  test('deletes one by one where the server has no DeleteObjects', async (t) => {
    for (const key of ['f/a', 'f/b', 'f/']) await put(key)
    const { requests, env } = await without(t, (url) => (url.includes('delete=') ? 501 : undefined))
    const ran = await run(['rm', `s3://${at.bucket}/f/`, '--recursive', '--yes'], env)
    assert.equal(ran.code, 0, ran.stderr)
    assert.deepEqual(requests, ['GET', 'POST', 'DELETE', 'DELETE', 'DELETE'])
    assert.deepEqual(await keys(), [])
  })

  test('never takes the URL of one object for that of another', async (t) => {
    const hostile = ['f/../kept', 'f/./x', 'f//y', '../../..', '..']
    const listing = hostile.map((key) => `<Contents><Key>${key}</Key><Size>1</Size></Contents>`)
    const requests: string[] = []
    const server = createServer((request, response) => {
      const { method = '', url = '' } = request
      if (method === 'GET') response.end(`<ListBucketResult>${listing.join('')}</ListBucketResult>`)
      else {
        requests.push(`${method} ${url.split('X-Amz')[0]}`)
        response.writeHead(method === 'POST' ? 501 : 204).end()
      }
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    t.after(() => server.close().closeAllConnections())
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const env = { BUCKET_UPLOAD_ENDPOINT: endpoint }
    const ran = await run(['rm', 's3://photos/f', '--recursive', '--yes', '--json'], env)
    assert.equal(ran.code, 1)
    const { deleted, failed } = JSON.parse(ran.stdout)
    assert.deepEqual(deleted, [])
    assert.deepEqual(
      new Set(failed.map((it: { error: { code: string } }) => it.error.code)),
      new Set(['invalid-key']),
    )
    assert.equal(requests.length, 1)
  })

  test('names what the bucket refuses', async () => {
    const missing = await run(['rm', 's3://no-such-bucket-here/a', 's3://no-such-bucket-here/b'])
    assert.match(missing.stderr, /^Error: .*\(no-such-bucket\)$/m)
    assert.equal(missing.code, 1)
    const wrong = await run(['rm', `s3://${at.bucket}/a`, '--json'], {
      AWS_SECRET_ACCESS_KEY: 'hunter2',
    })
    assert.equal(wrong.code, 1)
    const { failed, error } = JSON.parse(wrong.stdout)
    assert.equal(failed[0].error.code, 'wrong-secret')
    assert.equal(error.code, 'wrong-secret')
  })

  for (const [what, args, code] of [
    ['nothing', [], 'missing-argument'],
    ['a bucket', ['s3://photos'], 'bad-address'],
    ['two buckets', ['s3://photos/a', 's3://films/a'], 'bad-argument'],
    ['a key that is not safe', ['s3://photos/a/../b'], 'invalid-key'],
  ] as const) {
    test(`is refused for ${what}`, async () => {
      const ran = await run(['rm', ...args])
      assert.equal(ran.code, 2)
      assert.ok(ran.stderr.endsWith(` (${code})\n`), ran.stderr)
    })
  }
})
