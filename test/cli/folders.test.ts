/** `upload` and `download` of folders, of stdin, and what is stored along; names that are not to be trusted. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, type TestContext, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { bucketUpload, type RunOptions, runProgram } from '../support/command.ts'
import { startFaultProxy } from '../support/faults/fault-proxy.ts'
import { type CliBucket, cliBucket } from '../support/servers/cli-bucket.ts'
import {
  emptyBucket,
  getObject,
  headObject,
  listMultipartUploads,
  listObjects,
} from '../support/servers/s3-admin.ts'

const MIB = 2 ** 20
let at: CliBucket
let folder: string
before(async () => {
  at = await cliBucket()
})
after(() => at.remove())
beforeEach(async () => {
  await emptyBucket(at.gateway, at.bucket)
  folder = mkdtempSync(join(tmpdir(), 'folders-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function run(args: string[], options: RunOptions = {}) {
  return bucketUpload(args, { cwd: folder, env: at.env, ...options })
}

function write(files: Record<string, string | Buffer>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
}

const stored = async () => (await listObjects(at.gateway, at.bucket)).map(({ key }) => key)
const bytes = async (key: string) =>
  Buffer.from((await getObject(at.gateway, at.bucket, key))?.body ?? [])
const md5 = (content: Uint8Array) => createHash('md5').update(content).digest('hex')

const SITE = {
  'site/index.html': '<p>',
  'site/a b/ü+%.txt': 'text',
  'site/a b/deep/x.jpg': 'jpg',
  'site/node_modules/lib/index.js': 'js',
  'site/.hidden': '',
}

describe('upload --recursive', () => {
  /** Uploads the folder, and tells which keys were stored anew. */
  async function sentBy(t: TestContext, ...more: string[]) {
    const sent = new Set<string>()
    const proxy = await startFaultProxy({
      target: at.gateway.endpoint,
      everything: true,
      choose: ({ method, url }) => {
        const { pathname } = new URL(url, 'http://x')
        if (method === 'PUT') sent.add(decodeURIComponent(pathname.split('/www/')[1] ?? ''))
        return undefined
      },
    })
    t.after(() => proxy.stop())
    const env = { ...at.env, BUCKET_UPLOAD_ENDPOINT: proxy.origin }
    const args = ['upload', 'site', `s3://${at.bucket}/www`, '--recursive', '--json', ...more]
    const { code, stdout, stderr } = await run(args, { env })
    assert.equal(code, 0, stdout + stderr)
    return { sent: [...sent].sort(), uploads: JSON.parse(stdout).uploads, stderr }
  }

  test('leaves out what the bucket has, in parts too, and sends what differs', async (t) => {
    write({ ...SITE, 'site/large.bin': randomBytes(17 * MIB) })
    assert.equal((await sentBy(t)).sent.length, 6)
    // Of the same size, and of another.
    write({ 'site/index.html': '<q>', 'site/a b/deep/x.jpg': 'longer' })
    const { sent, uploads } = await sentBy(t)
    assert.deepEqual(sent, ['a b/deep/x.jpg', 'index.html'])
    assert.deepEqual(
      uploads.map((it: { skipped?: true }) => it.skipped ?? false),
      [true, false, true, false, true, true],
    )
    assert.equal((await bytes('www/index.html')).toString(), '<q>')
    assert.deepEqual((await sentBy(t)).sent, [])
    assert.equal((await sentBy(t, '--all')).sent.length, 6)
    // What is to be stored along may be another than before.
    assert.equal((await sentBy(t, '--cache-control', 'no-store')).sent.length, 6)
    const head = await headObject(at.gateway, at.bucket, 'www/index.html')
    assert.equal(head?.get('Cache-Control'), 'no-store')
  })

  test('stores what is in a folder, in the order of its names', async () => {
    write(SITE)
    symlinkSync('/etc', join(folder, 'site/link'))
    const ran = await run(['upload', 'site', `s3://${at.bucket}/www`, '--recursive'])
    assert.equal(ran.code, 0, ran.stderr)
    const keys = Object.keys(SITE).map((path) => path.replace('site/', 'www/'))
    assert.deepEqual((await stored()).sort(), keys.sort())
    assert.equal((await bytes('www/a b/ü+%.txt')).toString(), 'text')
    assert.match(ran.stderr, /^Note: left out what is no file: 1\./m)
    assert.deepEqual(
      ran.stdout.trim().split('\n'),
      keys.map((key) => `s3://${at.bucket}/${key}`).sort(),
    )
    const head = await headObject(at.gateway, at.bucket, 'www/index.html')
    assert.equal(head?.get('Content-Type'), 'text/html')
  })

  for (const [what, filter, left] of [
    [
      'a name at any depth',
      ['--include', '*.html', '--include', '*.jpg'],
      ['a b/deep/x.jpg', 'index.html'],
    ],
    [
      'a folder that is left out',
      ['--exclude', 'node_modules', '--exclude', '.*'],
      ['a b/deep/x.jpg', 'a b/ü+%.txt', 'index.html'],
    ],
    ['a path', ['--include', 'a b/*.txt'], ['a b/ü+%.txt']],
    ['all below', ['--include', 'a b/**'], ['a b/deep/x.jpg', 'a b/ü+%.txt']],
    ['folders between', ['--include', '**/x.jpg'], ['a b/deep/x.jpg']],
    ['letters', ['--include', '[a-i]ndex.????'], ['index.html']],
    ['signs that mean nothing', ['--include', 'ü+%.txt'], ['a b/ü+%.txt']],
    ['both', ['--include', '*.js', '--exclude', 'lib/'], []],
  ] as const) {
    test(`chooses by ${what}`, async () => {
      write(SITE)
      const ran = await run(['upload', 'site', `s3://${at.bucket}`, '--recursive', ...filter])
      assert.equal(ran.code, 0, ran.stderr)
      assert.deepEqual((await stored()).sort(), [...left].sort())
    })
  }

  test('uploads files side by side, and as many as it is told', async (t) => {
    write(Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`many/${at}`, `${at}`])))
    const { env, most } = await counting(t)
    const args = [
      'upload',
      'many',
      `s3://${at.bucket}/many/`,
      '--recursive',
      '--parallel',
      '5',
      '--json',
    ]
    const { code, stdout } = await run(args, { env })
    assert.equal(code, 0, stdout)
    assert.equal(JSON.parse(stdout).uploads.length, 40)
    assert.equal(most(), 5)
    assert.equal((await stored()).length, 40)
  })

  test('goes on after a file that fails, and tells each in its place', async (t) => {
    write({ 'some/a': 'a', 'some/b': 'b', 'some/c': 'c' })
    const proxy = await startFaultProxy({
      target: at.gateway.endpoint,
      choose: ({ url }) => (url.includes('/b?') ? 'expired' : undefined),
      everything: true,
    })
    t.after(() => proxy.stop())
    const env = { ...at.env, BUCKET_UPLOAD_ENDPOINT: proxy.origin }
    const { code, stdout } = await run(
      ['upload', 'some', `s3://${at.bucket}`, '--recursive', '--json'],
      { env },
    )
    assert.equal(code, 1)
    const { uploads, failed } = JSON.parse(stdout)
    assert.deepEqual(
      uploads.map((it: { key: string }) => it.key),
      ['a', 'c'],
    )
    assert.deepEqual(
      failed.map((it: { key: string }) => it.key),
      ['b'],
    )
  })

  for (const [what, args, code, exit] of [
    ['two folders', ['a', 'b', 's3://x/', '--recursive'], 'bad-argument', 2],
    ['a filter for files', ['a', 's3://x/', '--exclude', '*'], 'bad-option', 2],
    [
      'a pattern that is none',
      ['a', 's3://x/', '--recursive', '--include', '[z-a]'],
      'bad-option',
      2,
    ],
    ['a folder that is not there', ['nope', 's3://x/', '--recursive'], 'file-unreadable', 1],
    ['too many at a time', ['a', 's3://x/', '--recursive', '--parallel', '100'], 'bad-option', 2],
    ['stdin and a folder', ['-', 's3://x/', '--recursive'], 'bad-argument', 2],
    ['stdin without a name', ['-', 's3://x/'], 'bad-address', 2],
    ['metadata without a value', ['a', 's3://x/', '--meta', 'author'], 'bad-option', 2],
    ['metadata with a wrong name', ['a/1', 's3://xyz/', '--meta', 'a b=c'], 'bad-option', 2],
    [
      'another disposition',
      ['a', 's3://x/', '--content-disposition', 'form-data'],
      'bad-option',
      2,
    ],
  ] as const) {
    test(`is refused for ${what}`, async () => {
      write({ 'a/1': '1', 'b/1': '1' })
      const ran = await run(['upload', ...args])
      assert.ok(ran.stderr.endsWith(` (${code})\n`), ran.stderr)
      assert.equal(ran.code, exit)
    })
  }
})

describe('what is stored along', () => {
  const options = ['--cache-control', 'public, max-age=60', '--content-disposition', 'attachment']
  const meta = ['--meta', 'author=Ada Lovelace', '--meta', 'Note=a=b']

  for (const size of [10, 17 * MIB]) {
    test(`is read back, for ${size} bytes`, async () => {
      write({ 'a b.bin': randomBytes(size) })
      const ran = await run(['upload', 'a b.bin', `s3://${at.bucket}/x/`, ...options, ...meta])
      assert.equal(ran.code, 0, ran.stderr)
      const told = await run(['stat', `s3://${at.bucket}/x/a b.bin`, '--json'])
      const { cacheControl, contentDisposition, metadata } = JSON.parse(told.stdout)
      assert.equal(cacheControl, 'public, max-age=60')
      assert.match(contentDisposition, /^attachment; filename="a b\.bin"/)
      assert.deepEqual(metadata, { author: 'Ada Lovelace', note: 'a=b' })
    })
  }
})

describe('upload of stdin', () => {
  const main = new URL('../../src/cli/main.ts', import.meta.url).pathname

  function piped(source: string, args: string[], env: Record<string, string> = {}) {
    const command = `${source} | ${process.execPath} ${main} upload - ${args.join(' ')}`
    const options = { cwd: folder, env: { ...at.env, ...env } }
    return runProgram('bash', ['-o', 'pipefail', '-c', command], options)
  }

  for (const [size, parts] of [
    [0, 0],
    [1000, 0],
    [5 * MIB, 0],
    [5 * MIB + 1, 2],
    [17 * MIB + 3, 4],
  ] as const) {
    test(`stores ${size} bytes`, async () => {
      const content = randomBytes(size)
      write({ content })
      const args = [
        `s3://${at.bucket}/from/stdin`,
        '--part-size',
        '5MiB',
        '--content-type',
        'text/csv',
        '--meta',
        'a=b',
        '--json',
      ]
      const ran = await piped('cat content', args)
      assert.equal(ran.code, 0, ran.stdout)
      const [upload] = JSON.parse(ran.stdout).uploads
      assert.deepEqual(
        [upload.file, upload.key, upload.size, upload.verified],
        ['-', 'from/stdin', size, 'md5'],
      )
      assert.equal(upload.etag.split('-')[1], parts === 0 ? undefined : String(parts))
      const object = await getObject(at.gateway, at.bucket, 'from/stdin')
      assert.equal(md5(object?.body ?? new Uint8Array([1])), md5(content))
      assert.equal(object?.headers.get('Content-Type'), 'text/csv')
      assert.equal(object?.headers.get('x-amz-meta-a'), 'b')
    })
  }

  test('tries again on a line that breaks', async (t) => {
    const content = randomBytes(17 * MIB)
    write({ content })
    let puts = 0
    const proxy = await startFaultProxy({
      target: at.gateway.endpoint,
      choose: ({ method }) => (method === 'PUT' && ++puts % 2 === 1 ? '503' : undefined),
      everything: true,
    })
    t.after(() => proxy.stop())
    const ran = await piped('cat content', [`s3://${at.bucket}/broken`, '--part-size', '5MiB'], {
      BUCKET_UPLOAD_ENDPOINT: proxy.origin,
    })
    assert.equal(ran.code, 0, ran.stderr)
    assert.equal(md5(await bytes('broken')), md5(content))
  })

  test('leaves nothing behind when it is stopped', async () => {
    const address = `s3://${at.bucket}/stopped`
    const child = spawn(process.execPath, [main, 'upload', '-', address, '--part-size', '5MiB'], {
      env: { PATH: process.env.PATH, HOME: '/nonexistent', ...at.env },
      stdio: ['pipe', 'ignore', 'ignore'],
    })
    const ended = once(child, 'exit')
    // More is to come, and does not.
    child.stdin.on('error', () => {}).write(randomBytes(12 * MIB))
    while ((await listMultipartUploads(at.gateway, at.bucket)).length === 0) await delay(100)
    child.kill('SIGINT')
    assert.deepEqual(await ended, [130, null])
    assert.deepEqual(await listMultipartUploads(at.gateway, at.bucket), [])
    assert.deepEqual(await stored(), [])
  })
})

describe('download --recursive', () => {
  const download = (...args: string[]) =>
    run(['download', `s3://${at.bucket}/www`, ...args, '--recursive'])

  test('writes what upload has stored, byte by byte', async () => {
    write({ ...SITE, 'site/large.bin': randomBytes(17 * MIB) })
    await run(['upload', 'site', `s3://${at.bucket}/www`, '--recursive'])
    const { code, stdout, stderr } = await download('copy')
    assert.equal(code, 0, stderr)
    assert.match(stderr, /^✓ 6 of 6 files are downloaded, /m)
    assert.equal(stdout.trim().split('\n').length, 6)
    for (const path of [...Object.keys(SITE), 'site/large.bin']) {
      const copy = readFileSync(join(folder, path.replace('site/', 'copy/')))
      assert.equal(md5(copy), md5(readFileSync(join(folder, path))), path)
    }
    assert.deepEqual(
      readdirSync(join(folder, 'copy')).sort(),
      readdirSync(join(folder, 'site')).sort(),
    )
  })

  test('replaces files only when it is told to, and chooses', async () => {
    write(SITE)
    await run(['upload', 'site', `s3://${at.bucket}/www`, '--recursive'])
    write({ 'copy/index.html': 'old' })
    const args = ['copy', '--exclude', 'node_modules', '--exclude', '.*']
    const refused = await download(...args, '--json')
    assert.equal(refused.code, 1)
    const { downloads, failed, error } = JSON.parse(refused.stdout)
    assert.equal(downloads.length, 2)
    assert.deepEqual(
      [failed.length, failed[0].key, error.code],
      [1, 'www/index.html', 'file-exists'],
    )
    assert.equal(readFileSync(join(folder, 'copy/index.html'), 'utf8'), 'old')
    assert.equal((await download(...args, '--overwrite')).code, 0)
    assert.equal(readFileSync(join(folder, 'copy/index.html'), 'utf8'), '<p>')
    assert.ok(!existsSync(join(folder, 'copy/node_modules')))
  })

  test('leaves out what is there, in parts too, and fetches what differs', async (t) => {
    write({ ...SITE, 'site/large.bin': randomBytes(17 * MIB) })
    await run(['upload', 'site', `s3://${at.bucket}/www`, '--recursive'])
    assert.equal((await download('copy')).code, 0)
    write({ 'copy/index.html': 'old' })
    const asked: string[] = []
    const proxy = await startFaultProxy({
      target: at.gateway.endpoint,
      everything: true,
      choose: ({ url }) => {
        const { pathname } = new URL(url, 'http://x')
        if (pathname.includes('/www/')) asked.push(pathname.split('/www/')[1] ?? '')
        return undefined
      },
    })
    t.after(() => proxy.stop())
    const env = { ...at.env, BUCKET_UPLOAD_ENDPOINT: proxy.origin }
    const args = ['download', `s3://${at.bucket}/www/`, 'copy', '--recursive', '--overwrite']
    const { code, stdout } = await run([...args, '--json'], { env })
    assert.equal(code, 0, stdout)
    assert.deepEqual(asked, ['index.html'])
    const skipped = JSON.parse(stdout).downloads.filter((it: { skipped?: true }) => it.skipped)
    assert.equal(skipped.length, 5)
    assert.equal(readFileSync(join(folder, 'copy/index.html'), 'utf8'), '<p>')
    const again = await run(args, { env })
    assert.match(again.stderr, /^✓ 0 of 6 files are downloaded, .*; there already: 6$/m)
  })

  /** A bucket that has any keys. */
  async function hostile(t: TestContext, keys: string[]) {
    const contents = keys.map(
      (key) => `<Contents><Key>${encodeURIComponent(key)}</Key><Size>4</Size></Contents>`,
    )
    const server = createServer((request, response) => {
      if (request.url?.includes('list-type')) {
        response.end(
          `<ListBucketResult><EncodingType>url</EncodingType>${contents.join('')}</ListBucketResult>`,
        )
      } else
        response
          .writeHead(200, { 'Content-Length': 4, ETag: `"${md5(Buffer.from('evil'))}"` })
          .end('evil')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    t.after(() => server.close().closeAllConnections())
    return {
      ...at.env,
      BUCKET_UPLOAD_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    }
  }

  /** All files below the folder. */
  const all = () =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .sort()

  test('never writes outside of the folder', async (t) => {
    const bad = [
      '../x',
      'a/../../x',
      '/etc/x',
      'p//etc/x',
      'nul\0x',
      'p/..',
      'line\nx',
      'p/./x',
      '..',
    ]
    const env = await hostile(t, [...bad, '..\\..\\x', 'C:\\x', '...', 'fine'])
    const args = ['download', 's3://photos', 'in/here', '--recursive', '--json']
    const { code, stdout } = await run(args, { env })
    assert.equal(code, 1)
    const { downloads, failed } = JSON.parse(stdout)
    assert.deepEqual(failed.map((it: { key: string }) => it.key).sort(), [...bad].sort())
    assert.deepEqual(
      [...new Set(failed.map((it: { error: { code: string } }) => it.error.code))],
      ['invalid-key'],
    )
    assert.equal(downloads.length, 4)
    assert.deepEqual(
      all(),
      ['...', '.._.._x', 'C:_x', 'fine'].map((name) => `in/here/${name}`).sort(),
    )
  })

  test('does not follow a link that is in the folder', async (t) => {
    write({ 'outside/kept': 'kept' })
    mkdirSync(join(folder, 'in'))
    symlinkSync('../outside', join(folder, 'in/link'))
    symlinkSync('../outside/kept', join(folder, 'in/file'))
    const env = await hostile(t, ['link/x', 'link/kept', 'file'])
    const args = ['download', 's3://photos', 'in', '--recursive', '--overwrite']
    const { code, stderr } = await run(args, { env })
    assert.equal(code, 1)
    assert.equal(stderr.match(/\(file-unwritable\)/g)?.length, 2, stderr)
    // The second one is the first, seen through the link.
    assert.deepEqual(all(), ['in/file', 'in/link/kept', 'outside/kept'])
    assert.equal(readFileSync(join(folder, 'outside/kept'), 'utf8'), 'kept')
  })

  test('writes no device and no stream on Windows, and no file twice', async (t) => {
    const fake = "Object.defineProperty(process, 'platform', { value: 'win32' })"
    const keys = [
      'a:b',
      'con',
      'NUL.txt',
      'com1.tar.gz',
      'dot.',
      'd. /x',
      'constant',
      'A:B',
      'c?d',
      'c*d',
    ]
    const env = {
      ...(await hostile(t, keys)),
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(fake)}`,
    }
    const { stdout } = await run(['download', 's3://photos', 'in', '--recursive', '--json'], {
      env,
    })
    const { failed } = JSON.parse(stdout)
    assert.equal(failed.length, 2)
    for (const { error } of failed) assert.equal(error.code, 'file-exists')
    const names = all().map((path) => path.toLowerCase().replace('in/', ''))
    assert.deepEqual(names.sort(), [
      'a_b',
      'c_d',
      'com1_.tar.gz',
      'con_',
      'constant',
      'd__/x',
      'dot_',
      'nul_.txt',
    ])
  })

  for (const [what, args, code] of [
    ['stdout', ['s3://photos', '-', '--recursive'], 'bad-argument'],
    ['a filter for one object', ['s3://photos/a', '--include', '*'], 'bad-option'],
    ['no address', ['--recursive'], 'missing-argument'],
  ] as const) {
    test(`is refused for ${what}`, async () => {
      const ran = await run(['download', ...args])
      assert.ok(ran.stderr.endsWith(` (${code})\n`), ran.stderr)
      assert.equal(ran.code, 2)
    })
  }
})

/** The gateway behind a proxy, and how many requests it had to answer at the same time. */
async function counting(t: TestContext) {
  let [running, most] = [0, 0]
  const server = createServer(async (request, response) => {
    running += 1
    most = Math.max(most, running)
    const body = Buffer.concat(await request.toArray())
    await delay(30)
    const { method = '', url = '', headers } = request
    const { hostname, port } = new URL(at.gateway.endpoint)
    send({ hostname, port, method, path: url, headers }, (answer) => {
      running -= 1
      response.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(response)
    }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close().closeAllConnections())
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { env: { ...at.env, BUCKET_UPLOAD_ENDPOINT: endpoint }, most: () => most }
}
