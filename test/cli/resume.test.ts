/** `upload` and `download` of large files, killed in the middle and run again: what is sent again. */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, type TestContext, test } from 'node:test'
import { bucketUpload, bucketUploadProcess } from '../support/command.ts'
import { startFaultProxy } from '../support/faults/fault-proxy.ts'
import type { ChooseFault } from '../support/faults/faults.ts'
import { type CliBucket, cliBucket } from '../support/servers/cli-bucket.ts'
import { getObject, listMultipartUploads } from '../support/servers/s3-admin.ts'

const MIB = 2 ** 20
const PART = 5 * MIB
/** Three parts are stored before the process is killed, and four are not. */
const SIZE = 6 * PART + MIB

let at: CliBucket
let folder: string
before(async () => {
  at = await cliBucket()
})
after(() => at.remove())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resume-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const md5 = (content: Uint8Array) => createHash('md5').update(content).digest('hex')

function file(name: string, size = SIZE): Buffer {
  const content = randomBytes(size)
  writeFileSync(join(folder, name), content)
  return content
}

/** The environment for a gateway behind a proxy that sees, and may break, each request. */
async function behind(t: TestContext, choose: ChooseFault): Promise<Record<string, string>> {
  const proxy = await startFaultProxy({ target: at.gateway.endpoint, choose, everything: true })
  t.after(() => proxy.stop())
  return { ...at.env, BUCKET_UPLOAD_ENDPOINT: proxy.origin }
}

const upload = (name: string, ...more: string[]) => [
  ...['upload', name, `s3://${at.bucket}/`, '--part-size', '5MiB', '--json'],
  ...more,
]

/** Uploads until three of the seven parts are stored, and then ends the process. */
async function stopUpload(
  t: TestContext,
  args: string[],
  signal: NodeJS.Signals,
): Promise<{ code: number | null; stderr: string }> {
  let child: { kill(signal: NodeJS.Signals): boolean } | undefined
  let [puts, jams] = [0, 0]
  const env = await behind(t, ({ method }) => {
    if (method !== 'PUT' || ++puts <= 3) return undefined
    // Each of the four lanes waits for a part that does not go up: the others are stored.
    if (++jams === 4) child?.kill(signal)
    return 'jam'
  })
  return bucketUploadProcess(args, {
    ...{ cwd: folder, env },
    started: (it) => {
      child = it
    },
  })
}

/** Runs it to its end, and tells which parts were sent. */
async function goOn(t: TestContext, args: string[]) {
  const parts: number[] = []
  const env = await behind(t, ({ method, url }) => {
    const number = Number(new URL(url, 'http://x').searchParams.get('partNumber'))
    if (method === 'PUT') parts.push(number)
    return undefined
  })
  const { code, stdout, stderr } = await bucketUpload(args, { cwd: folder, env })
  assert.equal(code, 0, stdout + stderr)
  const [uploaded] = JSON.parse(stdout).uploads
  return { parts: parts.sort((a, b) => a - b), uploaded }
}

const unfinished = () => listMultipartUploads(at.gateway, at.bucket)

describe('upload', () => {
  afterEach(async () => {
    const args = ['abort-unfinished', `s3://${at.bucket}`, '--older-than', '1']
    assert.equal((await bucketUpload(args, { env: at.env })).code, 0)
  })

  for (const signal of ['SIGKILL', 'SIGINT'] as const) {
    test(`goes on after ${signal} with the parts that are stored`, async (t) => {
      const content = file('large')
      const { stderr } = await stopUpload(t, upload('large'), signal)
      assert.equal((await unfinished()).length, 1)
      const note = /large: the parts that are stored stay/
      if (signal === 'SIGINT') assert.match(stderr, note)
      const { parts, uploaded } = await goOn(t, upload('large'))
      assert.equal(parts.length, 4)
      assert.equal(uploaded.resumed, 3 * PART)
      assert.equal(uploaded.verified, 'md5')
      assert.deepEqual(await unfinished(), [])
      const stored = await getObject(at.gateway, at.bucket, 'large')
      assert.equal(md5(stored?.body ?? new Uint8Array()), md5(content))
    })
  }

  test('sends all of a file that has changed since', async (t) => {
    file('changed')
    await stopUpload(t, upload('changed'), 'SIGKILL')
    const content = file('changed')
    const { parts, uploaded } = await goOn(t, upload('changed'))
    assert.deepEqual([parts, uploaded.resumed], [[1, 2, 3, 4, 5, 6, 7], undefined])
    const stored = await getObject(at.gateway, at.bucket, 'changed')
    assert.equal(md5(stored?.body ?? new Uint8Array()), md5(content))
  })

  test('stores what is to be stored along, also when that was another before', async (t) => {
    const content = file('other')
    await stopUpload(t, upload('other', '--meta', 'author=Ada'), 'SIGKILL')
    await goOn(t, upload('other', '--meta', 'author=Grace'))
    const stored = await getObject(at.gateway, at.bucket, 'other')
    assert.equal(stored?.headers.get('x-amz-meta-author'), 'Grace')
    assert.equal(md5(stored?.body ?? new Uint8Array()), md5(content))
    await stopUpload(t, upload('other', '--meta', 'author=Ada'), 'SIGKILL')
    const { parts } = await goOn(t, upload('other', '--meta', 'author=Ada'))
    assert.equal(parts.length, 4)
  })
})

describe('download', () => {
  /** Downloads until a part of the object is on the disk, and then ends the process. */
  async function stopDownload(key: string, signal: NodeJS.Signals) {
    const watched = new AbortController()
    const before = readdirSync(folder)
    let child: { kill(signal: NodeJS.Signals): boolean } | undefined
    const partial = () => readdirSync(folder).find((name) => name.endsWith('.part'))
    const ran = bucketUploadProcess(['download', `s3://${at.bucket}/${key}`], {
      ...{ cwd: folder, env: at.env },
      started: (it) => {
        child = it
        const look = () => {
          const name = partial()
          if (name && statSync(join(folder, name)).size > MIB) child?.kill(signal)
          else if (!watched.signal.aborted) setImmediate(look)
        }
        look()
      },
    })
    const { code, stderr } = await ran.finally(() => watched.abort())
    assert.notEqual(code, 0, 'it ended before it was stopped')
    const left = readdirSync(folder).filter((name) => !before.includes(name))
    return { stderr, left: left.map((name) => ({ name, size: statSync(join(folder, name)).size })) }
  }

  /** Runs it to its end. */
  async function goOnDownload(key: string) {
    const args = ['download', `s3://${at.bucket}/${key}`, '--json']
    const { code, stdout, stderr } = await bucketUpload(args, { cwd: folder, env: at.env })
    assert.equal(code, 0, stdout + stderr)
    return JSON.parse(stdout)
  }

  async function stored(key: string): Promise<Buffer> {
    const content = file('source', SIZE)
    const args = ['upload', 'source', `s3://${at.bucket}/${key}`]
    assert.equal((await bucketUpload(args, { cwd: folder, env: at.env })).code, 0)
    return content
  }

  for (const signal of ['SIGKILL', 'SIGINT'] as const) {
    test(`goes on after ${signal} from what is on the disk`, async () => {
      const content = await stored('down')
      const { left, stderr } = await stopDownload('down', signal)
      assert.equal(left.length, 1, stderr)
      if (signal === 'SIGINT') assert.match(stderr, /what has arrived stays in ".*\.part"/)
      const { resumed, size } = await goOnDownload('down')
      assert.deepEqual([resumed, size], [left[0]?.size, SIZE])
      assert.equal(md5(readFileSync(join(folder, 'down'))), md5(content))
      assert.deepEqual(readdirSync(folder).sort(), ['down', 'source'])
    })
  }

  test('begins anew where the object is another by now', async () => {
    await stored('replaced')
    const { left } = await stopDownload('replaced', 'SIGKILL')
    assert.equal(left.length, 1)
    const content = await stored('replaced')
    const { resumed } = await goOnDownload('replaced')
    assert.equal(resumed, undefined)
    assert.equal(md5(readFileSync(join(folder, 'replaced'))), md5(content))
    assert.deepEqual(readdirSync(folder).sort(), ['replaced', 'source'])
  })

  test('begins anew where the whole object is there, and only its name was missing', async () => {
    const content = await stored('whole')
    const { left } = await stopDownload('whole', 'SIGKILL')
    writeFileSync(join(folder, left[0]?.name ?? ''), content)
    const { resumed } = await goOnDownload('whole')
    assert.equal(resumed, undefined)
    assert.equal(md5(readFileSync(join(folder, 'whole'))), md5(content))
    assert.deepEqual(readdirSync(folder).sort(), ['source', 'whole'])
  })

  test('follows no link, and leaves alone what another process has', async () => {
    const content = await stored('safe')
    const { left } = await stopDownload('safe', 'SIGKILL')
    const name = left[0]?.name ?? ''
    writeFileSync(join(folder, 'foreign'), 'x'.repeat(100))
    rmSync(join(folder, name))
    symlinkSync('foreign', join(folder, name))
    const running = name.replace(/\d+\.part$/, `${process.ppid}.part`)
    writeFileSync(join(folder, running), 'of another')
    const { resumed } = await goOnDownload('safe')
    assert.equal(resumed, undefined)
    assert.equal(md5(readFileSync(join(folder, 'safe'))), md5(content))
    assert.equal(readFileSync(join(folder, 'foreign'), 'utf8'), 'x'.repeat(100))
    assert.equal(readFileSync(join(folder, running), 'utf8'), 'of another')
  })
})
