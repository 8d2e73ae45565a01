/** The package in `python`: its own tests, each framework of its guide, and what it shares with ours. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'puppeteer-core'
import type { BucketUpload } from '../../src/index.ts'
import { acceptsFile } from '../../src/protocol/index.ts'
import { planPartSize, planStream, S3_PART_RULES } from '../../src/s3/part-size.ts'
import { ENDED, GIVE, KEEP, TAKE } from '../../src/server/counters/redis-scripts.ts'
import { readReceipt } from '../../src/server/index.ts'
import { cleanName, cleanPath } from '../../src/server/keys/key.ts'
import { unique } from '../../src/server/keys/new-key.ts'
import { contentDisposition, downloadName } from '../../src/server/links/disposition.ts'
import { cleanMediaType, mayBeShown } from '../../src/server/links/media-type.ts'
import { createReceipts } from '../../src/server/sign/receipt.ts'
import { launchBrowser } from '../support/browsers/browser.ts'
import { assertReturns, type FileOnDisk, randomFile } from '../support/browsers/picked-file.ts'
import { pageOfWidget, uploadByWidget } from '../support/browsers/widget-page.ts'
import { bucketUploadProcess, type Ran, runProgram } from '../support/command.ts'
import { snippetsOf } from '../support/docs/snippets.ts'
import { settingsOf } from '../support/examples/example-signer.ts'
import {
  FRAMEWORKS,
  PROOF,
  PYTHON_FOLDER,
  PYTHON_PATH,
  SIGNER_PYTHON,
  signerWithJobs,
  startInFramework,
} from '../support/examples/python-signer.ts'
import type { Gateway } from '../support/servers/ceph.ts'
import { bucketName, CEPH_VARIABLE, cephGateway } from '../support/servers/gateways.ts'
import { startRedis, withoutRedis } from '../support/servers/redis.ts'
import { createBucket, deleteBucket, listObjects, OPEN_CORS } from '../support/servers/s3-admin.ts'

const skip = SIGNER_PYTHON === undefined && 'needs what PyPI has'
const SECRET = 'a secret, 16 characters or more: ü'

/** Bytes. The last two go up in parts. */
const SIZES = [0, 1, 300_000, 17 * 2 ** 20, 40_000_000]

/** What a reader of the documents has. */
const AROUND_SNIPPETS = `
import time
import boto3
from bucket_upload_signer.grants import Receipt, write_receipt
client = boto3.client("s3")
secret = "a secret of 16 characters or more"
transcode = print
save = print
session_user = "42"
said = Receipt("b", "k", "n", 5, "text/plain", "e", int(time.time()) + 60, session_user)
form = {"papers": write_receipt([secret], said)}
`

function python(args: string[], env: Record<string, string> = {}): Promise<Ran> {
  const all = { ...PYTHON_PATH, ...env }
  return runProgram(SIGNER_PYTHON ?? '', args, { cwd: PYTHON_FOLDER, env: all })
}

/** Checks that a signer keeps the protocol. Returns the rules that it is not asked about, or only warned. */
async function conformance(url: string): Promise<string[]> {
  const { stdout, code } = await bucketUploadProcess(
    ['conformance', url, '--store', '--json', '--header-from', 'Authorization=WHO'],
    { env: { WHO: PROOF.Authorization } },
  )
  const results: { id: string; verdict: string }[] = JSON.parse(stdout).results
  assert.equal(code, 0, stdout)
  assert.ok(results.length > 40)
  return results
    .filter(({ verdict }) => verdict !== 'ok')
    .map(({ id, verdict }) => `${verdict}: ${id}`)
}

/** What an expression of Python makes of some values. */
async function evaluate<T>(imports: string, expression: string, values: unknown): Promise<T> {
  const code = `import json, os
from bucket_upload_signer.${imports}
values = json.loads(os.environ["VALUES"])
print(json.dumps(${expression}))`
  const ran = await python(['-c', code], { VALUES: JSON.stringify(values) })
  assert.equal(ran.code, 0, ran.stderr)
  return JSON.parse(ran.stdout)
}

describe('the signer for Python', { skip }, () => {
  let gateway: Gateway
  const stops: (() => unknown)[] = []

  before(async () => {
    gateway = await cephGateway()
  })
  after(async () => {
    for (const stop of stops.reverse()) await stop()
  })

  it('passes its own tests', async () => {
    const env: Record<string, string> = { [CEPH_VARIABLE]: JSON.stringify(gateway) }
    if (!withoutRedis) {
      const redis = await startRedis()
      stops.push(redis.stop)
      env.BUCKET_UPLOAD_TEST_REDIS = `redis://127.0.0.1:${redis.port}`
    }
    const { code, stdout } = await python(['-m', 'pytest', '-q', '-p', 'no:cacheprovider'], env)
    assert.equal(code, 0, stdout)
    assert.match(stdout, /\d{2,} passed/)
  })

  for (const [checker, args] of Object.entries({
    ruff: ['check', '--no-cache'],
    'ruff, for the form': ['format', '--check', '--no-cache'],
    mypy: ['--cache-dir', '/dev/null'],
  })) {
    it(`has nothing that ${checker} finds`, async () => {
      const [program = ''] = checker.split(',')
      const { code, stdout, stderr } = await python(['-m', program, ...args])
      assert.equal(code, 0, stdout + stderr)
    })
  }

  it('does what its documents write', async () => {
    const snippets = ['docs/python.md', 'python/README.md'].flatMap(snippetsOf)
    const signers = snippets.filter(
      ({ language, code }) => language === 'python' && /^(?:signer = |receipt = )/m.test(code),
    )
    assert.ok(signers.length >= 7)
    for (const { code, where } of signers) {
      const ran = await python(['-c', `${AROUND_SNIPPETS}\n${code}`], {
        ...settingsOf({ ...gateway, bucket: 'photos' }, ''),
        ...{ AWS_DEFAULT_REGION: 'us-east-1', SIGNER_SECRET: SECRET, FLASK_SECRET: SECRET },
      })
      assert.equal(ran.code, 0, `${where}\n${ran.stderr}`)
    }
  })

  describe('in a framework', () => {
    const folder = mkdtempSync(join(tmpdir(), 'python-signer-'))
    let browser: Browser
    let files: FileOnDisk[]

    before(async () => {
      browser = await launchBrowser()
      files = SIZES.map((size) => randomFile(folder, size, `Größe & ${size}.bin`))
    })
    after(async () => {
      await browser?.close()
      rmSync(folder, { recursive: true, force: true })
    })

    for (const framework of FRAMEWORKS) {
      it(`${framework} keeps the protocol, and does the main job`, async (test) => {
        const bucket = bucketName('python')
        await createBucket(gateway, bucket, [OPEN_CORS])
        test.after(() => deleteBucket(gateway, bucket))
        let url = ''
        const start = async (origin: string) => {
          const signer = await startInFramework(framework, { ...gateway, bucket }, origin)
          test.after(signer.stop)
          url = signer.url
          return url
        }
        const page = await pageOfWidget(test, browser, start, PROOF)
        const { links, sent } = await uploadByWidget(page, gateway.endpoint, files)
        assert.deepEqual([...sent].sort(), ['PUT', 'part'])
        for (const file of files) await assertReturns(links.get(file.name) ?? '', file)
        // It goes on with no files after their upload, so there is no status of them.
        assert.deepEqual(await conformance(url), ['skipped: status'])
      })
    }

    it('goes on with a file, tells the page, and lets it take the file back', async (test) => {
      const bucket = bucketName('python')
      await createBucket(gateway, bucket, [OPEN_CORS])
      test.after(() => deleteBucket(gateway, bucket))
      let url = ''
      const page = await pageOfWidget(
        test,
        browser,
        async (origin) => {
          const at = { ...gateway, bucket }
          const signer = await startInFramework('Flask', at, origin, signerWithJobs())
          test.after(signer.stop)
          url = signer.url
          return url
        },
        PROOF,
      )
      const told = page.evaluate(
        () =>
          new Promise<string[]>((resolve) => {
            const events: string[] = []
            const upload = document.querySelector('bucket-upload') as BucketUpload
            upload.addEventListener('processing-started', () => events.push('processing'))
            upload.addEventListener('file-uploaded', ({ detail }) => {
              events.push(JSON.stringify([detail.data, detail.mayDiscard]))
            })
            upload.addEventListener('upload-complete', () => resolve(events))
          }),
      )
      const [, , small] = files
      if (!small) throw new Error('There is no file.')
      const { links } = await uploadByWidget(page, gateway.endpoint, [small])
      assert.equal(links.get(small.name), 'https://cdn.example/film.m3u8')
      assert.deepEqual(await told, ['processing', '[{"seconds":12},true]'])
      assert.equal((await listObjects(gateway, bucket)).length, 1)
      await page.evaluate(() => {
        const { engine, files } = document.querySelector('bucket-upload') as BucketUpload
        return engine.discard(files[0]?.id ?? '')
      })
      assert.deepEqual(await listObjects(gateway, bucket), [])
      // It signs no link before a file is there.
      assert.deepEqual(await conformance(url), ['skipped: link-expiry'])
    })
  })

  describe('agrees with ours', () => {
    const names = [
      ...['cat.jpg', '../../etc/passwd', '..\\boot.ini', '', '.', '..', '.htaccess', 'a b', 'a-b'],
      ...[
        'Größe “1”.JPG',
        '日本語 の.txt',
        'e\u0301.txt',
        'हिन्दी.txt',
        '😀',
        'a\u200db',
        '\u202Egnp.exe',
      ],
      ...['x'.repeat(300), `${'ü'.repeat(200)}.jpeg`, 'a.tar.gz', 'a.', 'a..', '-a-.-b-', 'a%2Fb'],
      ...[
        'nul\u0000.txt',
        'a\r\nb',
        'a"b\\c',
        'ab-0123456789ab.txt',
        `a.${'e'.repeat(40)}`,
        'a\u3164b',
      ],
      ...[
        'pets/cat.jpg',
        'pets//a b/../c.jpg',
        '/a/',
        'ﬁle.txt',
        'A\u030A.txt',
        '__proto__',
        '٣.txt',
      ],
    ]

    it('about names, in keys and for saving', async () => {
      const expected = names.map((name) => [
        cleanName(name),
        unique(cleanPath(name), name),
        contentDisposition('attachment', name),
      ])
      const imports = 'names import clean_name, clean_path, content_disposition, download_name'
      const made = '[[clean_name(it), clean_path(it), disposition(it)] for it in values]'
      const disposition = made.replace(
        'disposition(it)',
        'content_disposition("attachment", download_name(it))',
      )
      assert.deepEqual(await evaluate(imports, disposition, names), expected)
      assert.equal(downloadName('a'), 'a')
    })

    it('about media types', async () => {
      const types = [
        ...['image/png', 'IMAGE/PNG', 'text/html; charset=utf-8', 'unknown/unknown', 'multipart/x'],
        ...['application/unknown', '', 'a', 'text/plain\n', 'text/plain;a="b"', 'image/svg+xml'],
        ...['video/mp4; codecs=a', 'text/x-ü', 'application/pdf', `text/${'a'.repeat(200)}`],
      ]
      const expected = types.map((type) => [cleanMediaType(type), mayBeShown(type)])
      const made = '[[clean_media_type(it), may_be_shown(it)] for it in values]'
      assert.deepEqual(
        await evaluate('names import clean_media_type, may_be_shown', made, types),
        expected,
      )
    })

    it('about what is accepted', async () => {
      const lists = ['', 'image/*', '.PDF, image/png', '*', ',', 'text/html', 'image']
      const files = [
        { name: 'a.pdf', type: 'application/pdf' },
        { name: 'a', type: 'image/png; q=1' },
        { name: 'a.html', type: 'TEXT/HTML' },
      ]
      const expected = lists.map((list) => files.map((file) => acceptsFile(file, list)))
      const made =
        '[[accepts(it, each["name"], each["type"]) for each in values[1]] for it in values[0]]'
      assert.deepEqual(await evaluate('names import accepts', made, [lists, files]), expected)
    })

    it('about the sizes of parts', async () => {
      const sizes = [0, 1, 5e6, 17 * 2 ** 20, 40e6, 1e9, 5e9, 123_456_789_012, 5e12]
      const wishes = [undefined, 1, 8 * 2 ** 20, 5 * 2 ** 30]
      const expected = sizes.map((size) => [
        ...wishes.map((wish) => planPartSize(size, S3_PART_RULES, 6, wish)),
        ...Object.values(planStream(size + 1, S3_PART_RULES)),
      ])
      const made =
        '[[plan_parts(it, S, each) for each in values[1]] + list(plan_stream(it + 1, S)) for it in values[0]]'
      const imports = 'bucket import Service, plan_parts, plan_stream\nS = Service("")'
      assert.deepEqual(await evaluate(imports, made, [sizes, wishes]), expected)
    })

    it('about what Redis is told', async () => {
      const imports = 'redis_scripts import ENDED, GIVE, KEEP, TAKE'
      assert.deepEqual(await evaluate(imports, '[TAKE, KEEP, GIVE, ENDED]', []), [
        TAKE,
        KEEP,
        GIVE,
        ENDED,
      ])
    })

    it('about receipts, in both directions', async () => {
      const said = {
        bucket: 'b',
        key: 'k',
        name: 'Größe “1”',
        size: 5,
        type: 'text/plain',
        etag: 'e',
      }
      const expires = Math.floor(Date.now() / 1000) + 3600
      const ours = createReceipts([SECRET]).issue({ ...said, user: '42' }, expires)
      const imports =
        'grants import Receipt, read_receipt, write_receipt\nfrom dataclasses import asdict'
      const read = 'asdict(read_receipt(values[0], values[1], user="42"))'
      assert.deepEqual(await evaluate(imports, read, [SECRET, ours]), {
        ...said,
        ...{ expires, user: '42', route: null },
      })
      const write = 'write_receipt([values[0]], Receipt(**values[1]))'
      const theirs = await evaluate(imports, write, [SECRET, { ...said, expires, user: '42' }])
      const { expiresAt, ...receipt } = readReceipt(SECRET, theirs, { user: '42' })
      assert.deepEqual(receipt, { ...said, user: '42' })
      assert.equal(expiresAt.getTime(), expires * 1000)
    })
  })
})
