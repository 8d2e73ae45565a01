/** `upload` and `download`: whole files, parts, broken lines, files that change, and what stays behind. */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, type TestContext, test } from 'node:test'
import {
  bucketUpload,
  bucketUploadProcess,
  type RunOptions,
  runProgram,
} from '../support/command.ts'
import { startFaultProxy } from '../support/faults/fault-proxy.ts'
import type { ChooseFault } from '../support/faults/faults.ts'
import { type CliBucket, cliBucket } from '../support/servers/cli-bucket.ts'
import { getObject, listMultipartUploads, listObjects } from '../support/servers/s3-admin.ts'

const MIB = 2 ** 20
let at: CliBucket
let folder: string
before(async () => {
  at = await cliBucket()
})
after(() => at.remove())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'transfer-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function run(args: string[], options: RunOptions = {}) {
  // The bytes of a download go to stdout as they are.
  const start = args.includes('-') ? bucketUploadProcess : bucketUpload
  return start(args, { cwd: folder, env: at.env, ...options })
}

function file(name: string, size: number): Buffer {
  const content = randomBytes(size)
  writeFileSync(join(folder, name), content)
  return content
}

const md5 = (content: Uint8Array) => createHash('md5').update(content).digest('hex')

/** The environment for a gateway on a line that breaks. */
async function faulty(t: TestContext, choose: ChooseFault): Promise<Record<string, string>> {
  const proxy = await startFaultProxy({ target: at.gateway.endpoint, choose, everything: true })
  t.after(() => proxy.stop())
  return { ...at.env, BUCKET_UPLOAD_ENDPOINT: proxy.origin }
}

describe('upload', () => {
  test('stores files below a prefix, with their types', async () => {
    const contents = [file('a cat.jpg', 1000), file('ünï+%.bin', 0)]
    const ran = await run(['upload', 'a cat.jpg', 'ünï+%.bin', `s3://${at.bucket}/pets/`])
    assert.equal(ran.code, 0, ran.stderr)
    assert.equal(ran.stdout, `s3://${at.bucket}/pets/a cat.jpg\ns3://${at.bucket}/pets/ünï+%.bin\n`)
    assert.match(ran.stderr, /^✓ a cat\.jpg: 1 kB uploaded, its MD5 agrees$/m)
    const [cat, other] = await Promise.all([
      getObject(at.gateway, at.bucket, 'pets/a cat.jpg'),
      getObject(at.gateway, at.bucket, 'pets/ünï+%.bin'),
    ])
    assert.deepEqual(
      [cat?.body, other?.body].map((it) => Buffer.from(it ?? [])),
      contents,
    )
    assert.equal(cat?.headers.get('Content-Type'), 'image/jpeg')
    assert.equal(other?.headers.get('Content-Type'), 'application/octet-stream')
  })

  test('stores one file under the key that is named, and links to it', async () => {
    const content = file('x', 5)
    const to = `s3://${at.bucket}/one/key`
    const { code, stdout } = await run(['upload', 'x', to, '--link', '--content-type', 'text/html'])
    assert.equal(code, 0)
    const got = await fetch(stdout.trim())
    assert.equal(got.headers.get('Content-Type'), 'text/html')
    // A page of one's own is to be shown as one.
    assert.equal(got.headers.get('Content-Disposition'), null)
    assert.deepEqual(Buffer.from(await got.arrayBuffer()), content)
  })

  test('stores a large file in parts, and tells all in JSON', async () => {
    const content = file('large.bin', 17 * MIB + 1)
    const args = ['upload', 'large.bin', `s3://${at.bucket}`, '--part-size', '5MiB', '--json']
    const { code, stdout, stderr } = await run(args)
    assert.equal(code, 0, stdout)
    assert.equal(stderr, '')
    const [upload] = JSON.parse(stdout).uploads
    const { etag, ...rest } = upload
    assert.match(etag, /^[\da-f]{32}-4$/)
    assert.deepEqual(rest, {
      file: 'large.bin',
      bucket: at.bucket,
      key: 'large.bin',
      size: content.length,
      type: 'application/octet-stream',
      verified: 'md5',
    })
    const stored = await getObject(at.gateway, at.bucket, 'large.bin')
    assert.equal(md5(stored?.body ?? new Uint8Array()), md5(content))
  })

  test('tries again on a line that breaks, for whole files and for parts', async (t) => {
    const contents = [file('small', 100_000), file('parts', 17 * MIB)]
    // Every second PUT fails, and the one after it does not.
    let puts = 0
    const env = await faulty(t, ({ method }) => {
      if (method !== 'PUT' || ++puts % 2 === 0) return undefined
      return puts % 4 === 1 ? 'reset-during' : '503'
    })
    const args = ['upload', 'small', 'parts', `s3://${at.bucket}/broken/`, '--part-size', '5MiB']
    const ran = await run(args, { env })
    assert.equal(ran.code, 0, ran.stderr)
    for (const [index, name] of ['small', 'parts'].entries()) {
      const stored = await getObject(at.gateway, at.bucket, `broken/${name}`)
      assert.equal(md5(stored?.body ?? new Uint8Array()), md5(contents[index] as Buffer), name)
    }
    assert.ok(puts > 5, `${puts} requests`)
  })

  for (const [signal, exit] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    test(`is stopped by ${signal}, and leaves nothing behind`, async (t) => {
      file('stopped', 20 * MIB)
      let child: { kill(signal: NodeJS.Signals): boolean } | undefined
      let pressed: NodeJS.Timeout | undefined
      const env = await faulty(t, ({ method }) => {
        if (method !== 'PUT') return undefined
        // Pressed once: pressed again, it ends the process at once.
        clearTimeout(pressed)
        pressed = setTimeout(() => child?.kill(signal), 300)
        return 'jam'
      })
      const started: RunOptions['started'] = (it) => {
        child = it
      }
      const args = ['upload', 'stopped', `s3://${at.bucket}/stopped`, '--part-size', '5MiB']
      const { code, stderr } = await run(args, { env, started })
      assert.equal(stderr, 'Error: Stopped. (interrupted)\n')
      assert.equal(code, exit)
      assert.deepEqual(await listMultipartUploads(at.gateway, at.bucket), [])
    })
  }

  test('notices that the file changes, and leaves nothing behind', async (t) => {
    file('growing', 18 * MIB)
    let puts = 0
    const env = await faulty(t, ({ method }) => {
      if (method === 'PUT' && ++puts === 4) writeFileSync(join(folder, 'growing'), 'other')
      return undefined
    })
    const args = ['upload', 'growing', `s3://${at.bucket}/growing`, '--part-size', '5MiB']
    const { code, stderr } = await run(args, { env })
    assert.match(stderr, /\(file-changed\)\n$/)
    assert.equal(code, 1)
    assert.deepEqual(await listObjects(at.gateway, at.bucket, 'growing'), [])
    assert.deepEqual(await listMultipartUploads(at.gateway, at.bucket), [])
  })

  test('goes on after a file that fails, and tells what is stored', async (t) => {
    for (const name of ['one', 'two', 'three']) file(name, 1000)
    const env = await faulty(t, ({ url }) => (url.includes('/two?') ? 'expired' : undefined))
    const args = ['upload', 'one', 'two', 'three', `s3://${at.bucket}/several/`]
    const ran = await run(args, { env })
    const stored = ['one', 'three'].map((name) => `s3://${at.bucket}/several/${name}\n`)
    assert.equal(ran.stdout, stored.join(''))
    assert.match(ran.stderr, /^Error: two: .* \(expired\)$/m)
    assert.match(ran.stderr, /^2 of 3 files are uploaded\.\n$/m)
    assert.equal(ran.code, 1)
    const { code, stdout } = await run([...args, '--json'], { env })
    assert.equal(code, 1)
    const { uploads, failed, error } = JSON.parse(stdout)
    assert.deepEqual(
      uploads.map((it: { file: string }) => it.file),
      ['one', 'three'],
    )
    const key = 'several/two'
    assert.deepEqual(failed, [{ file: 'two', bucket: at.bucket, key, error }])
    assert.equal(error.code, 'expired')
  })

  test('stopped between two files tells what is stored and what is not', async (t) => {
    for (const name of ['one', 'two', 'three']) file(name, 1000)
    let child: { kill(signal: NodeJS.Signals): boolean } | undefined
    const env = await faulty(t, ({ url }) => {
      if (!url.includes('/two?')) return undefined
      child?.kill('SIGTERM')
      return 'jam'
    })
    const files = ['one', 'two', 'three']
    const args = ['upload', ...files, `s3://${at.bucket}/between/`, '--parallel', '1', '--json']
    const { code, stdout } = await run(args, {
      env,
      started: (it) => {
        child = it
      },
    })
    assert.equal(code, 143)
    const told = JSON.parse(stdout)
    assert.deepEqual(
      [...told.uploads, ...told.failed].map((it) => [it.file, it.error?.code]),
      [
        ['one', undefined],
        ['two', 'interrupted'],
        ['three', 'interrupted'],
      ],
    )
    assert.equal(told.error.code, 'interrupted')
  })

  test('tells of an object that is there though its file has changed', async (t) => {
    file('changing', 1000)
    const env = await faulty(t, ({ method }) => {
      if (method === 'PUT') writeFileSync(join(folder, 'changing'), randomBytes(1000))
      return undefined
    })
    const { code, stdout } = await run(['upload', 'changing', `s3://${at.bucket}/`, '--json'], {
      env,
    })
    assert.equal(code, 1)
    const [failed] = JSON.parse(stdout).failed
    const isThere = (await listObjects(at.gateway, at.bucket, 'changing')).length === 1
    assert.equal(failed.stored === true, isThere)
    assert.match(failed.error.code, /^(?:file-changed|bytes-differ)$/)
  })

  describe('in parts, the ETag of the object', () => {
    /** A bucket that takes all, and says what it likes of the whole. */
    async function parts(t: TestContext, head: Record<string, string>) {
      file('parts', 17 * MIB)
      const stored = new Map<string, { md5: string; size: number }>()
      const etag = () => `"${md5(Buffer.from('other bytes'))}-${stored.size}"`
      const server = createServer(async (request, response) => {
        const { method, url = '' } = request
        const { searchParams } = new URL(url, 'http://x')
        const body = Buffer.concat(await request.toArray())
        const number = searchParams.get('partNumber')
        if (method === 'PUT' && number) {
          stored.set(number, { md5: md5(body), size: body.length })
          response.setHeader('ETag', `"${md5(body)}"`).end()
        } else if (method === 'POST' && searchParams.has('uploads')) {
          response.end(
            '<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>',
          )
        } else if (method === 'POST') {
          response.end(
            `<CompleteMultipartUploadResult><ETag>${etag()}</ETag></CompleteMultipartUploadResult>`,
          )
        } else if (method === 'GET') {
          const list = [...stored]
            .sort(([a], [b]) => Number(a) - Number(b))
            .map(
              ([at, part]) =>
                `<Part><PartNumber>${at}</PartNumber><ETag>"${part.md5}"</ETag><Size>${part.size}</Size></Part>`,
            )
          response.end(
            `<ListPartsResult><IsTruncated>false</IsTruncated>${list.join('')}</ListPartsResult>`,
          )
        } else if (method === 'HEAD') {
          const size = { 'Content-Length': 17 * MIB, 'Content-Type': 'application/octet-stream' }
          response.writeHead(200, { ...size, ETag: etag(), ...head }).end()
        } else response.writeHead(204).end()
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      t.after(() => server.close().closeAllConnections())
      const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      const args = ['upload', 'parts', 's3://photos/parts', '--json']
      return run(args, { env: { ...at.env, BUCKET_UPLOAD_ENDPOINT: endpoint } })
    }

    test('that differs is an error, and the object is told', async (t) => {
      const { code, stdout } = await parts(t, {})
      assert.equal(code, 1, stdout)
      const { uploads, failed } = JSON.parse(stdout)
      assert.deepEqual(uploads, [])
      assert.deepEqual([failed[0].stored, failed[0].error.code], [true, 'bytes-differ'])
    })

    test('tells nothing where it is no MD5, as with keys of KMS', async (t) => {
      const head = { 'x-amz-server-side-encryption': 'aws:kms' }
      const { code, stdout } = await parts(t, head)
      assert.equal(code, 0, stdout)
      assert.equal(JSON.parse(stdout).uploads[0].verified, 'size')
    })
  })

  const refusals: [
    what: string,
    args: () => string[],
    code: string,
    message: RegExp,
    exit: number,
  ][] = [
    ['nothing', () => [], 'missing-argument', /Name the files first/, 2],
    ['no file', () => [`s3://${at.bucket}/`], 'missing-argument', /Name the files first/, 2],
    ['no address', () => ['a', 'b'], 'missing-argument', /Name the files first/, 2],
    [
      'two files for one key',
      () => ['a', 'b', `s3://${at.bucket}/k`],
      'bad-address',
      /end the address with "\/"/,
      2,
    ],
    [
      'two files of one name',
      () => ['a', 'sub/a', `s3://${at.bucket}/`],
      'bad-argument',
      /"a" and "sub\/a" would have the same key/,
      2,
    ],
    [
      'a file that is not there',
      () => ['nope', `s3://${at.bucket}/`],
      'file-unreadable',
      /"nope" cannot be read \(ENOENT\)/,
      1,
    ],
    ['a folder', () => ['sub', `s3://${at.bucket}/`], 'file-unreadable', /"sub" is a folder/, 1],
    [
      'a part size that is too small',
      () => ['a', `s3://${at.bucket}/`, '--part-size', '1MB'],
      'bad-option',
      /from 5MiB to 5GiB/,
      2,
    ],
    [
      'a bucket that is not there',
      () => ['a', 's3://no-such-bucket-here/'],
      'no-such-bucket',
      /"no-such-bucket-here" does not exist/,
      1,
    ],
  ]
  for (const [what, args, code, message, exit] of refusals) {
    test(`is refused for ${what}`, async () => {
      mkdirSync(join(folder, 'sub'))
      for (const name of ['a', 'b', 'sub/a']) file(name, 10)
      const ran = await run(['upload', ...args()])
      assert.equal(ran.stdout, '')
      assert.match(ran.stderr, message)
      assert.ok(ran.stderr.endsWith(` (${code})\n`), ran.stderr)
      assert.equal(ran.code, exit)
    })
  }

  for (const size of [10, 17 * MIB]) {
    const wrong: [name: string, env: () => Record<string, string>, code: string][] = [
      ['a wrong secret', () => ({ AWS_SECRET_ACCESS_KEY: 'hunter2' }), 'wrong-secret'],
      ['a wrong key', () => ({ AWS_ACCESS_KEY_ID: 'NOBODY' }), 'wrong-key'],
      ['no server', () => ({ BUCKET_UPLOAD_ENDPOINT: 'http://127.0.0.1:9' }), 'bucket-unreachable'],
    ]
    for (const [what, env, code] of wrong) {
      test(`with ${what} says so, for ${size} bytes`, async () => {
        file('a', size)
        const ran = await run(['upload', 'a', `s3://${at.bucket}/wrong`], {
          env: { ...at.env, ...env() },
        })
        assert.ok(ran.stderr.endsWith(` (${code})\n`), ran.stderr)
        assert.equal(ran.code, 1)
        assert.doesNotMatch(ran.stderr, /hunter2|X-Amz/)
      })
    }
  }
})

describe('download', () => {
  test('writes the object under the end of its key', async () => {
    const content = file('source', 300_000)
    await run(['upload', 'source', `s3://${at.bucket}/deep/ü #1.bin`])
    const ran = await run(['download', `s3://${at.bucket}/deep/ü #1.bin`])
    assert.equal(ran.code, 0, ran.stderr)
    assert.equal(ran.stdout, `${join(folder, 'ü #1.bin')}\n`)
    assert.match(ran.stderr, /^✓ 300 kB downloaded, its MD5 agrees$/m)
    assert.deepEqual(readFileSync(join(folder, 'ü #1.bin')), content)
    assert.deepEqual(readdirSync(folder).sort(), ['source', 'ü #1.bin'])
  })

  test('writes into a folder, to a name, and to stdout', async () => {
    writeFileSync(join(folder, 'text'), 'some text')
    mkdirSync(join(folder, 'sub'))
    await run(['upload', 'text', `s3://${at.bucket}/text`])
    await run(['download', `s3://${at.bucket}/text`, 'sub'])
    assert.equal(readFileSync(join(folder, 'sub', 'text'), 'utf8'), 'some text')
    const named = await run(['download', `s3://${at.bucket}/text`, 'named', '--json'])
    const { file: path, verified, size } = JSON.parse(named.stdout)
    assert.deepEqual([path, verified, size], [join(folder, 'named'), 'md5', 9])
    const piped = await run(['download', `s3://${at.bucket}/text`, '-'])
    assert.deepEqual(piped, { code: 0, stdout: 'some text', stderr: '' })
  })

  test('replaces a file only when it is told to', async () => {
    writeFileSync(join(folder, 'kept'), 'new')
    await run(['upload', 'kept', `s3://${at.bucket}/kept`])
    writeFileSync(join(folder, 'kept'), 'old')
    const refused = await run(['download', `s3://${at.bucket}/kept`])
    assert.equal(refused.code, 1)
    assert.match(refused.stderr, /is there already: .* add "--overwrite"\. \(file-exists\)/)
    assert.equal(readFileSync(join(folder, 'kept'), 'utf8'), 'old')
    const done = await run(['download', `s3://${at.bucket}/kept`, '--overwrite'])
    assert.equal(done.code, 0, done.stderr)
    assert.equal(readFileSync(join(folder, 'kept'), 'utf8'), 'new')
  })

  test('goes on where the line broke', async (t) => {
    const content = file('broken', 3 * MIB)
    await run(['upload', 'broken', `s3://${at.bucket}/going-on`])
    let gets = 0
    const env = await faulty(t, () => (++gets <= 2 ? 'truncate' : undefined))
    const ran = await run(['download', `s3://${at.bucket}/going-on`], { env })
    assert.equal(ran.code, 0, ran.stderr)
    assert.deepEqual(readFileSync(join(folder, 'going-on')), content)
    assert.equal(gets, 3)
  })

  for (const [what, range] of [
    ['another part', 'bytes 0-9/20'],
    ['a part of another size', 'bytes 10-19/21'],
    ['what it does not say', undefined],
  ] as const) {
    test(`refuses a rest that is ${what}`, async (t) => {
      const etag = `"${md5(Buffer.from('a'.repeat(20)))}"`
      const server = createServer((request, response) => {
        const headers = { ETag: etag, 'Content-Length': request.headers.range ? 10 : 20 }
        const more = range === undefined ? {} : { 'Content-Range': range }
        if (request.headers.range)
          response.writeHead(206, { ...headers, ...more }).end('a'.repeat(10))
        else {
          response.writeHead(200, headers)
          response.write('a'.repeat(10), () => response.destroy())
        }
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      t.after(() => server.close().closeAllConnections())
      const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      const env = { ...at.env, BUCKET_UPLOAD_ENDPOINT: endpoint }
      const { code, stderr } = await run(['download', 's3://photos/x'], { env })
      assert.match(stderr, /another part of the object than .*\(bytes-differ\)/)
      assert.equal(code, 1)
      assert.deepEqual(readdirSync(folder), [])
    })
  }

  test('writes a name that is as long as file systems allow', async () => {
    const name = '本'.repeat(85)
    writeFileSync(join(folder, 'x'), 'long')
    await run(['upload', 'x', `s3://${at.bucket}/${name}`])
    const { code, stderr } = await run(['download', `s3://${at.bucket}/${name}`])
    assert.equal(code, 0, stderr)
    assert.deepEqual(readdirSync(folder).sort(), ['x', name])
  })

  test('writes no stream on Windows', async () => {
    const fake = "Object.defineProperty(process, 'platform', { value: 'win32' })"
    const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(fake)}`
    writeFileSync(join(folder, 'x'), 'text')
    await run(['upload', 'x', `s3://${at.bucket}/a:b?.txt`])
    const env = { ...at.env, NODE_OPTIONS }
    const { code, stdout } = await run(['download', `s3://${at.bucket}/a:b?.txt`], { env })
    assert.equal(code, 0)
    assert.equal(stdout, `${join(folder, 'a_b_.txt')}\n`)
  })

  test('leaves nothing of an object that is not what its ETag says', async (t) => {
    const liar = createServer((_, response) => {
      response.writeHead(200, { ETag: `"${md5(Buffer.from('truth'))}"`, 'Content-Length': 4 })
      response.end('lies')
    })
    await new Promise<void>((resolve) => liar.listen(0, '127.0.0.1', resolve))
    t.after(() => liar.close().closeAllConnections())
    const endpoint = `http://127.0.0.1:${(liar.address() as AddressInfo).port}`
    const env = { ...at.env, BUCKET_UPLOAD_ENDPOINT: endpoint }
    const { code, stderr } = await run(['download', 's3://photos/x'], { env })
    assert.match(stderr, /not the bytes of the object.*\(bytes-differ\)/)
    assert.equal(code, 1)
    assert.deepEqual(readdirSync(folder), [])
  })

  test('stopped by Ctrl-C leaves nothing', async (t) => {
    const slow = createServer((_, response) => {
      response.writeHead(200, { ETag: '"x"', 'Content-Length': 1000 })
      response.write('a beginning')
      setTimeout(() => child?.kill('SIGINT'), 100)
    })
    await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve))
    t.after(() => slow.close().closeAllConnections())
    let child: { kill(signal: NodeJS.Signals): boolean } | undefined
    const endpoint = `http://127.0.0.1:${(slow.address() as AddressInfo).port}`
    const { code } = await run(['download', 's3://photos/x'], {
      env: { ...at.env, BUCKET_UPLOAD_ENDPOINT: endpoint },
      started: (it) => {
        child = it
      },
    })
    assert.equal(code, 130)
    assert.deepEqual(readdirSync(folder), [])
  })

  test('names what is wrong', async () => {
    const missing = await run(['download', `s3://${at.bucket}/nothing-here`])
    assert.equal(missing.code, 1)
    assert.match(missing.stderr, /no such object.*\(no-such-object\)/)
    const nowhere = await run(['download', `s3://${at.bucket}/nothing-here`, 'no/such/folder/x'])
    assert.match(nowhere.stderr, /cannot be written \(ENOENT\).*\(file-unwritable\)/)
    const twice = await run(['download', `s3://${at.bucket}/a`, '-', '--json'])
    assert.equal(twice.code, 2)
    assert.deepEqual(readdirSync(folder), [])
  })
})

describe('a terminal', () => {
  const terminal = (command: string, env: Record<string, string> = {}) =>
    runProgram('script', ['-qec', command, '/dev/null'], {
      cwd: folder,
      env: { ...at.env, TERM: 'xterm', ...env },
    })
  const main = new URL('../../src/cli/main.ts', import.meta.url).pathname
  const command = () => `${process.execPath} ${main} upload shown s3://${at.bucket}/shown`

  test('has a bar and colors', async () => {
    file('shown', 8 * MIB)
    const { code, stdout } = await terminal(command())
    assert.equal(code, 0)
    const bar = stdout.split('\r').find((line) => line.includes('%')) ?? ''
    assert.match(bar, /shown {2}█*░* +\d+% {2}\S+ .?B {2}/)
    assert.ok(bar.startsWith('\x1b[K'), bar)
    assert.ok(stdout.includes('\x1b[32m✓\x1b[39m shown: 8.38 MB uploaded'), stdout)
  })

  test('has no colors with NO_COLOR', async () => {
    file('shown', 8 * MIB)
    const { stdout } = await terminal(command(), { NO_COLOR: '1' })
    assert.match(stdout, /✓ shown: 8\.38 MB uploaded/)
    assert.ok(!stdout.includes('\x1b[3'), stdout)
  })
})
