/** `presign`: URLs that a real gateway takes, and clear words for what cannot be signed. */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { bucketUpload, runProgram } from '../support/command.ts'
import { type CliBucket, cliBucket } from '../support/servers/cli-bucket.ts'
import { getObject } from '../support/servers/s3-admin.ts'

const KEYS = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'not-a-secret' }
const STORJ = { ...KEYS, BUCKET_UPLOAD_PROVIDER: 'storj' }

let at: CliBucket
let folder: string
before(async () => {
  at = await cliBucket()
  folder = mkdtempSync(join(tmpdir(), 'presign-'))
})
after(() => at.remove())
after(() => rmSync(folder, { recursive: true, force: true }))

async function presign(verb: string, key: string, ...rest: string[]): Promise<string> {
  const args = ['presign', verb, `s3://${at.bucket}/${key}`, ...rest]
  const { code, stdout, stderr } = await bucketUpload(args, { env: at.env })
  assert.equal(stderr, '')
  assert.equal(code, 0)
  return stdout.replace(/\n$/, '')
}

const KEYS_TO_TRY = [
  'plain.txt',
  'pets/my cat.jpg',
  'a+b%20c?d=e&f#g.txt',
  'Ünïcødé/日本語/🐈.txt',
  'quotes\'"`$HOME\\.txt',
  '[brackets]{braces}*(parens)!~.txt',
  'k'.repeat(1024),
  'é'.repeat(512),
]

describe('a URL is taken by the gateway', () => {
  for (const key of KEYS_TO_TRY) {
    test(`for the key ${key.slice(0, 40)}`, async () => {
      const body = `content of ${key}`
      const put = await fetch(await presign('put', key), { method: 'PUT', body })
      assert.equal(put.status, 200)
      const stored = await getObject(at.gateway, at.bucket, key)
      assert.equal(new TextDecoder().decode(stored?.body), body)
      const got = await fetch(await presign('get', key))
      assert.equal(await got.text(), body)
    })
  }

  test('only with the type and the size that were signed', async () => {
    const url = await presign('put', 'typed', '--content-type', 'image/png', '--size', '4')
    const send = (type: string, body: string) =>
      fetch(url, { method: 'PUT', body, headers: { 'Content-Type': type } })
    assert.equal((await send('image/png', 'longer')).status, 403)
    assert.equal((await send('text/html', 'four')).status, 403)
    assert.equal(await getObject(at.gateway, at.bucket, 'typed'), undefined)
    assert.equal((await send('image/png', 'four')).status, 200)
  })

  test('and expires when it was told to', async () => {
    const url = await presign('put', 'short', '--expires-in', '1s')
    await new Promise((resolve) => setTimeout(resolve, 2500))
    const { status } = await fetch(url, { method: 'PUT', body: 'late' })
    assert.equal(status, 403)
  })

  test('and names the file and its type', async () => {
    await fetch(await presign('put', 'named'), { method: 'PUT', body: 'x' })
    const attached = await fetch(await presign('get', 'named', '--download-name', 'Grüße "1".txt'))
    assert.equal(
      attached.headers.get('Content-Disposition'),
      `attachment; filename="Gr__e _1_.txt"; filename*=UTF-8''Gr%C3%BC%C3%9Fe%20%221%22.txt`,
    )
    const shown = await fetch(
      await presign('get', 'named', '--inline', '--content-type', 'text/plain'),
    )
    assert.match(shown.headers.get('Content-Disposition') ?? '', /^inline; filename="named"/)
    assert.equal(shown.headers.get('Content-Type'), 'text/plain')
    const plain = await fetch(await presign('get', 'named'))
    assert.equal(plain.headers.get('Content-Disposition'), null)
  })
})

describe('--curl prints a command that works as it is', () => {
  for (const name of ["it's [1] {2} $HOME `id`.txt", '-dash.txt', 'ünï.txt', '@at.txt']) {
    test(`with a file called ${name}`, async () => {
      const text = `content of ${name}`
      writeFileSync(join(folder, name), text)
      const key = `curl/${name}`
      const put = await presign(
        'put',
        key,
        '--curl',
        '--content-type',
        'text/x-test',
        '--size',
        String(Buffer.byteLength(text)),
      )
      const sent = await runProgram('sh', ['-c', put], { cwd: folder })
      assert.equal(sent.code, 0, sent.stderr)
      const stored = await getObject(at.gateway, at.bucket, key)
      assert.equal(new TextDecoder().decode(stored?.body), text)
      assert.equal(stored?.headers.get('Content-Type'), 'text/x-test')
      const get = await presign('get', key, '--curl', '--file', `got ${name}`)
      const got = await runProgram('sh', ['-c', get], { cwd: folder })
      assert.equal(got.code, 0, got.stderr)
      assert.equal(readFileSync(join(folder, `got ${name}`), 'utf8'), text)
    })
  }
})

test('--json has all that was signed', async () => {
  const text = await presign(
    'put',
    'a b',
    '--json',
    '--size',
    '1kB',
    '--expires-in',
    '15m',
    '--content-type',
    'image/gif',
  )
  const { url, expiresAt, ...rest } = JSON.parse(text)
  assert.deepEqual(rest, {
    bucket: at.bucket,
    key: 'a b',
    method: 'PUT',
    headers: { 'Content-Type': 'image/gif' },
    size: 1000,
  })
  const { pathname, searchParams } = new URL(url)
  assert.equal(pathname, `/${at.bucket}/a%20b`)
  assert.equal(searchParams.get('X-Amz-Expires'), '900')
  const minutes = (Date.parse(expiresAt) - Date.now()) / 60_000
  assert.ok(minutes > 13 && minutes <= 15, expiresAt)
})

describe('--expires-in', () => {
  for (const [given, seconds] of [
    [undefined, '3600'],
    ['604800', '604800'],
    ['15m', '900'],
    ['24h', '86400'],
    ['7d', '604800'],
  ] as const) {
    test(`${given} is ${seconds} seconds`, async () => {
      const args = ['presign', 'get', 's3://photos/a', ...(given ? ['--expires-in', given] : [])]
      const { stdout } = await bucketUpload(args, { env: STORJ })
      assert.equal(new URL(stdout.trim()).searchParams.get('X-Amz-Expires'), seconds)
    })
  }

  for (const wrong of ['0', '-5', '15x', '1.5h', 'soon', '1e9', '99999999999999']) {
    test(`${wrong} is refused`, async () => {
      const args = ['presign', 'get', 's3://photos/a', '--expires-in', wrong]
      const { code, stdout, stderr } = await bucketUpload(args, { env: STORJ })
      assert.equal(stdout, '')
      assert.equal(
        stderr,
        `Error: "--expires-in": "${wrong}" is not a lifetime. Write a whole number of seconds, or for example "15m", "24h" or "7d". (bad-duration)\n`,
      )
      assert.equal(code, 2)
    })
  }

  test('a year is too long for Storj, and not for IBM', async () => {
    const args = ['presign', 'get', 's3://photos/a', '--expires-in', '365d']
    const storj = await bucketUpload(args, { env: STORJ })
    assert.equal(storj.code, 2)
    assert.match(
      storj.stderr,
      /"--expires-in" is 365d, but a URL for storj works for 7d at most: ask for less.* \(expiry-too-long\)/,
    )
    const ibm = await bucketUpload([...args, '--provider', 'ibm-cos', '--region', 'eu-de'], {
      env: KEYS,
    })
    assert.equal(ibm.code, 0)
    assert.match(ibm.stdout, /X-Amz-Expires=31536000&/)
  })
})

describe('what cannot be signed', () => {
  const wrong: [what: string, args: string[], code: string, message: RegExp][] = [
    ['no verb', [], 'bad-argument', /Say what the URL is for: "presign put"/],
    ['another verb', ['post', 's3://photos/a'], 'bad-argument', /"post" is neither put nor get/],
    ['no object', ['put'], 'missing-argument', /write it as "s3:\/\/bucket\/key"/],
    ['a path', ['put', 'photos/a'], 'bad-address', /"photos\/a" is not an address/],
    ['only a bucket', ['put', 's3://photos'], 'bad-address', /has no key/],
    ['two objects', ['put', 's3://photos/a', 'b'], 'bad-argument', /"b" is one argument too many/],
    ['a key that is too long', ['put', `s3://photos/${'k'.repeat(1025)}`], 'invalid-key', /1024/],
    ['as many bytes', ['put', `s3://photos/${'é'.repeat(512)}k`], 'invalid-key', /1024 bytes/],
    ['a leading slash', ['put', 's3://photos//a'], 'invalid-key', /begins with "\/"/],
    ['an empty segment', ['put', 's3://photos/a//b'], 'invalid-key', /has an empty segment/],
    ['dots', ['put', 's3://photos/a/../b'], 'invalid-key', /has a segment "\." or "\.\."/],
    ['a line break', ['put', 's3://photos/a\nb'], 'invalid-key', /has a control character/],
    [
      'a size that is none',
      ['put', 's3://photos/a', '--size', 'big'],
      'bad-option',
      /"--size": "big"/,
    ],
    [
      'a type that is none',
      ['put', 's3://photos/a', '--content-type', 'jpg\r\nx: y'],
      'bad-option',
      /not a media type/,
    ],
    [
      'a size for a download',
      ['get', 's3://photos/a', '--size', '1'],
      'bad-option',
      /is for "presign put"/,
    ],
    [
      'a name for an upload',
      ['put', 's3://photos/a', '--inline'],
      'bad-option',
      /is for "presign get"/,
    ],
    ['a file without curl', ['put', 's3://photos/a', '--file', 'x'], 'bad-option', /add "--curl"/],
    [
      'an option without its value',
      ['put', 's3://photos/a', '--size'],
      'bad-option',
      /write "--size SIZE"/,
    ],
    [
      'an option for a value',
      ['put', 's3://photos/a', '--size', '--curl'],
      'bad-option',
      /write "--size SIZE"/,
    ],
    [
      'a value for a switch',
      ['put', 's3://photos/a', '--curl=no'],
      'bad-option',
      /"--curl" takes no value/,
    ],
    [
      'an unknown option',
      ['put', 's3://photos/a', '--expire-in', '5'],
      'unknown-option',
      /Did you mean "--expires-in"\?/,
    ],
    [
      'a short one',
      ['put', 's3://photos/a', '-q'],
      'unknown-option',
      /"bucket-upload help presign" lists them/,
    ],
    [
      'the name of a prototype',
      ['put', 's3://photos/a', '--constructor'],
      'unknown-option',
      /not an option/,
    ],
  ]
  for (const [what, args, code, message] of wrong) {
    test(what, async () => {
      const ran = await bucketUpload(['presign', ...args], { env: STORJ })
      assert.equal(ran.code, 2)
      assert.equal(ran.stdout, '')
      assert.match(ran.stderr, message)
      assert.ok(ran.stderr.endsWith(` (${code})\n`), ran.stderr)
    })
  }

  for (const option of ['secret-access-key', 'access-key', 'secret_key', 'aws-session-token']) {
    test(`a key as an argument: --${option}`, async () => {
      const args = ['presign', 'put', 's3://photos/a', `--${option}`, 'hunter2']
      const { code, stderr } = await bucketUpload(args, { env: STORJ })
      assert.equal(code, 2)
      assert.match(stderr, /everybody on this machine can read the arguments/)
      assert.match(stderr, /\(secret-in-arguments\)$/m)
      assert.doesNotMatch(stderr, /hunter2/)
    })
  }
})
