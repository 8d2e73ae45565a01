/** `serve`: a signer that a page can use, and that strangers cannot. */
import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { request } from 'node:http'
import { after, before, describe, type TestContext, test } from 'node:test'
import { bucketUploadProcess, type Ran } from '../support/command.ts'
import { type CliBucket, cliBucket } from '../support/servers/cli-bucket.ts'
import { getObject } from '../support/servers/s3-admin.ts'

let at: CliBucket
before(async () => {
  at = await cliBucket()
})
after(() => at.remove())

/** Starts the command, and resolves with its address once it listens. */
async function serve(t: TestContext, ...args: string[]) {
  let child: ChildProcess | undefined
  let ended: Promise<Ran> | undefined
  const url = await new Promise<string>((resolve, reject) => {
    ended = bucketUploadProcess(['serve', `s3://${at.bucket}`, '--port', '0', ...args], {
      env: at.env,
      started: (it) => {
        child = it
        it.stdout?.once('data', (text: string) => resolve(text.trim()))
      },
    })
    ended.then(({ stderr }) => reject(new Error(stderr)), reject)
  })
  t.after(() => void child?.kill('SIGTERM'))
  return { url, child, ended }
}

const FILE = { name: 'cat.jpg', size: 4, type: 'image/jpeg' }

async function put(url: string, file: object = {}, headers: Record<string, string> = {}) {
  const requests = [{ id: '1', op: 'put', file: { ...FILE, ...file } }]
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify({ version: 1, requests }),
  })
  const body = await answer.json()
  const allowed = answer.headers.get('Access-Control-Allow-Origin')
  return { ...body, ...body.responses?.[0], status: answer.status, allowed }
}

describe('serve', () => {
  test('signs an upload that the bucket takes, below the prefix, until Ctrl-C', async (t) => {
    const { url, child, ended } = await serve(t, '--prefix', 'local/')
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/$/)
    const { key, url: to, downloadUrl, headers } = await put(url)
    assert.match(key, /^local\/[\da-f]{32}\/cat\.jpg$/)
    const sent = await fetch(to, {
      method: 'PUT',
      body: 'meow',
      headers,
    })
    assert.equal(sent.status, 200)
    assert.equal(await (await fetch(downloadUrl)).text(), 'meow')
    assert.ok(await getObject(at.gateway, at.bucket, key))
    child?.kill('SIGINT')
    const { code, stderr } = (await ended) as Ran
    assert.equal(code, 0)
    assert.match(stderr, new RegExp(`Signs uploads to "${at.bucket}" at http`))
  })

  test('has the limits that it was told', async (t) => {
    const limits = [
      '--max-size',
      '10',
      '--min-size',
      '2',
      '--accept',
      'image/*',
      '--upload-expires',
      '2m',
      '--download-expires',
      '3m',
      '--disposition',
      'inline',
    ]
    const { url } = await serve(t, ...limits)
    assert.equal((await put(url, { size: 11 })).error.code, 'too-large')
    assert.equal((await put(url, { size: 1 })).error.code, 'too-small')
    assert.equal(
      (await put(url, { name: 'a.txt', type: 'text/plain' })).error.code,
      'type-not-allowed',
    )
    const signed = await put(url)
    assert.equal(new URL(signed.url).searchParams.get('X-Amz-Expires'), '120')
    const link = new URL(signed.downloadUrl).searchParams
    assert.equal(link.get('X-Amz-Expires'), '180')
    assert.match(link.get('response-content-disposition') ?? '', /^inline;/)
  })

  test('answers pages of this machine and those that are named, and no others', async (t) => {
    const { url } = await serve(t, '--origin', 'https://app.example')
    for (const origin of ['https://app.example', 'http://localhost:8000', 'http://127.0.0.1:1']) {
      const { status, allowed } = await put(url, {}, { Origin: origin })
      assert.deepEqual([status, allowed], [200, origin])
    }
    for (const origin of ['https://evil.example', 'http://127.0.0.1.evil.example', 'null']) {
      assert.equal((await put(url, {}, { Origin: origin })).status, 403, origin)
    }
  })

  test('answers to no name that is not of this machine', async (t) => {
    const { url } = await serve(t)
    const { port } = new URL(url)
    // As a page of evil.example would, whose name leads to 127.0.0.1.
    const host = `evil.example:${port}`
    const status = await new Promise((resolve, reject) => {
      const headers = { Host: host, Origin: `http://${host}`, 'Content-Type': 'application/json' }
      const body = JSON.stringify({ version: 1, requests: [{ id: '1', op: 'put', file: FILE }] })
      request(url, { method: 'POST', headers }, (it) => resolve(it.resume().statusCode))
        .on('error', reject)
        .end(body)
    })
    assert.equal(status, 403)
  })

  const wrong: [what: string, args: string[], exit: number, message: RegExp][] = [
    ['a size', ['--max-size', 'big'], 3, /"--max-size": "big" is not a size.*\(bad-setting\)/],
    ['a lifetime', ['--upload-expires', '8d'], 3, /"--upload-expires" is 8d .* \(bad-setting\)/],
    ['a checksum', ['--checksum', 'md4'], 3, /"--checksum" must be one of: .* \(bad-setting\)/],
    ['a port', ['--port', '99999'], 2, /"--port" is "99999".*\(bad-option\)/],
    ['an origin', ['--origin', 'app.example'], 2, /"--origin" is "app\.example".*\(bad-option\)/],
    [
      'an address',
      ['--host', '192.0.2.1'],
      1,
      /192\.0\.2\.1 cannot be used \(EADDRNOTAVAIL\).*\(cannot-listen\)/,
    ],
  ]
  for (const [what, args, exit, message] of wrong) {
    test(`names ${what} that is wrong`, async () => {
      const ran = await bucketUploadProcess(['serve', 's3://photos', ...args], { env: at.env })
      assert.match(ran.stderr, message)
      assert.equal(ran.code, exit)
    })
  }

  test('names the port that is in use', async (t) => {
    const { url } = await serve(t)
    const args = ['serve', 's3://photos', '--port', new URL(url).port]
    const { code, stderr } = await bucketUploadProcess(args, { env: at.env })
    assert.equal(code, 1)
    assert.match(stderr, /The port \d+ is in use: choose another.*\(cannot-listen\)/)
  })

  test('needs a bucket', async () => {
    const { code, stderr } = await bucketUploadProcess(['serve'], { env: at.env })
    assert.equal(code, 2)
    assert.match(stderr, /write it as "s3:\/\/bucket", or set BUCKET_UPLOAD_BUCKET/)
  })
})
