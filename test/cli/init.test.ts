/** `init`: it writes what would have to be written by hand, and takes nothing away. */
import assert from 'node:assert/strict'
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import { PAGES } from '../../src/cli/init/pages.ts'
import { SIGNERS } from '../../src/cli/init/signers.ts'
import { CDN } from '../support/built.ts'
import { bucketUpload, runProgram } from '../support/command.ts'
import { type CliBucket, cliBucket } from '../support/servers/cli-bucket.ts'
import { listObjects, OPEN_CORS, putCors } from '../support/servers/s3-admin.ts'

const root = mkdtempSync(join(tmpdir(), 'init-'))
let folder: string
let at: CliBucket
before(async () => {
  at = await cliBucket()
})
beforeEach(() => {
  folder = mkdtempSync(join(root, 'project-'))
})
after(async () => {
  rmSync(root, { recursive: true, force: true })
  await at.remove()
})

function init(options: Record<string, string>, ...more: string[]) {
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])
  return bucketUpload(['init', '.', ...args, ...more], { cwd: folder })
}

const read = (path: string) => readFileSync(join(folder, path), 'utf8')

describe('init', () => {
  for (const [framework, page] of Object.entries(PAGES)) {
    test(`writes a page for ${framework}`, async () => {
      const { code } = await init({ provider: 's3', framework, backend: 'node' })
      assert.equal(code, 0)
      assert.match(read(page.path), /signer="http:\/\/localhost:3000"/)
      assert.match(read('.env.example'), new RegExp(`^BUCKET_UPLOAD_ORIGIN=${page.origin}$`, 'm'))
      const [rule] = JSON.parse(read('cors.json')).CORSRules
      assert.deepEqual(rule.AllowedOrigins, [page.origin])
    })
  }

  test('writes a plain page that has all that it loads beside it', async () => {
    await init({ provider: 'storj', framework: 'html', backend: 'node' })
    const [, script = ''] = /src="([^"]+)"/.exec(read('public/upload.html')) ?? []
    assert.match(script, /^vendor\/bucket-upload-[\d.]+\/bucket-upload\.js$/)
    const names = ['bucket-upload.js', '*/uploader.js', '*/hash-worker.js', '*/locales/de.js']
    const files = globSync(names, { cwd: join(folder, 'public', dirname(script)) })
    assert.equal(files.length, names.length)
    assert.deepEqual(files, globSync(names, { cwd: CDN }))
  })

  test('says to serve only what everyone may read: the page, and not the keys', async () => {
    const options = { provider: 'storj', framework: 'html', backend: 'node' }
    const { stdout } = await init(options)
    const [, served = ''] = /npx http-server(.*?) -p /.exec(stdout) ?? []
    const files = readdirSync(join(folder, served.trim()), { recursive: true, encoding: 'utf8' })
    assert.ok(files.includes('upload.html'), stdout)
    assert.deepEqual(
      files.filter((it) => /\.env|signer|server/.test(it)),
      [],
    )
  })

  for (const [backend, signer] of Object.entries(SIGNERS)) {
    test(`writes a signer for ${backend}, and says how it is started`, async () => {
      const options = { provider: 'storj', framework: 'react', backend }
      const { code, stdout } = await init(options, '--json')
      assert.equal(code, 0)
      const { written } = JSON.parse(stdout) as { written: string[] }
      const ofSigner = written.filter((path) => /signer|route/.test(path))
      assert.ok(ofSigner.length > 0, stdout)
      for (const path of written) assert.ok(existsSync(join(folder, path)), path)
      assert.ok(read('src/Upload.tsx').includes(`signer="${signer.address}"`))
      // Storj has no rule to set.
      assert.ok(!existsSync(join(folder, 'cors.json')))
    })
  }

  test('leaves a file as it is, unless it is told to', async () => {
    mkdirSync(join(folder, 'public'))
    writeFileSync(join(folder, 'public/upload.html'), 'mine')
    const options = { provider: 'storj', framework: 'html', backend: 'node' }
    const { stderr } = await init(options)
    assert.match(stderr, /^- public.upload\.html is there already, and stays as it is$/m)
    assert.equal(read('public/upload.html'), 'mine')
    await init(options, '--force')
    assert.match(read('public/upload.html'), /<bucket-upload /)
  })

  for (const more of [[], ['--force']]) {
    test(`keeps a package.json, and says what it lacks, with "${more}"`, async () => {
      const mine = JSON.stringify({ name: 'mine', dependencies: { next: '^15.1.0' } })
      writeFileSync(join(folder, 'package.json'), mine)
      const options = { provider: 'storj', framework: 'nextjs', backend: 'nextjs' }
      const { code, stdout, stderr } = await init(options, '--json', ...more)
      assert.equal(code, 0)
      assert.equal(read('package.json'), mine)
      const { written, lacking } = JSON.parse(stdout)
      assert.ok(written.includes(join('app', 'api', 'sign', 'route.ts')), stdout)
      assert.ok(!written.includes('package.json'), stdout)
      assert.deepEqual(Object.keys(lacking), ['bucket-upload', 'react', 'react-dom'])
      assert.match(
        stderr,
        /^- package\.json is there already, and stays as it is; add what it lacks: npm install "bucket-upload@\S+" "react@\S+" "react-dom@\S+"$/m,
      )
    })
  }

  test('writes a package.json only where there is none, and asks for nothing that is there', async () => {
    const options = { provider: 'storj', framework: 'html', backend: 'hono' }
    await init(options)
    const first = read('signer/package.json')
    assert.equal(JSON.parse(first).name, 'bucket-upload-signer-hono')
    const again = await init({ ...options, backend: 'cloudflare' }, '--force')
    assert.equal(read('signer/package.json'), first)
    assert.match(again.stderr, /stays as it is; add what it lacks: npm install "wrangler@\S+"$/m)
    const same = await init(options, '--force')
    assert.match(same.stderr, /package\.json is there already, and stays as it is$/m)
  })

  test('names commands that the shells of Windows know', async () => {
    const fake = "Object.defineProperty(process, 'platform', { value: 'win32' })"
    const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(fake)}`
    const windows = async (backend: string) => {
      const args = ['--provider', 'storj', '--framework', 'html', '--backend', backend]
      const { stdout } = await bucketUpload(['init', '.', ...args], {
        cwd: folder,
        env: { NODE_OPTIONS },
      })
      assert.doesNotMatch(stdout, /&&|\bcp\b|set -a/)
      return stdout
    }
    assert.match(
      await windows('node'),
      /^ {2}4\. cd signer\n {2}5\. npm install\n {2}6\. node --env/m,
    )
    assert.match(
      await windows('python'),
      /^ {2}5\. python -m venv \.venv\n {2}6\. \.venv\\Scripts\\pip install .*\n {2}7\. \.venv\\Scripts\\flask /m,
    )
    const [, start = ''] = /^ {2}5\. (.*)$/m.exec(await windows('go')) ?? []
    // Stands for Go: tells what it was started with.
    const bin = join(folder, 'bin')
    mkdirSync(bin)
    writeFileSync(join(bin, 'go'), '#!/bin/sh\necho "$* $PORT $AWS_ACCESS_KEY_ID"\n', {
      mode: 0o755,
    })
    writeFileSync(join(folder, '.env'), 'AWS_ACCESS_KEY_ID=KEY\n')
    const env = { PATH: `${bin}:${dirname(process.execPath)}:${process.env.PATH}` }
    const started = await runProgram('sh', ['-c', start], { cwd: join(folder, 'signer'), env })
    assert.deepEqual(started, { code: 0, stdout: 'run . 3000 KEY\n', stderr: '' })
  })

  test('names what is wrong, and what is missing where there is no terminal', async () => {
    const wrong = await init({ provider: 'storj', framework: 'raect', backend: 'node' }, '--json')
    assert.equal(wrong.code, 2)
    assert.match(JSON.parse(wrong.stdout).error.message, /Did you mean "react"\?/)
    const missing = await init({ provider: 'storj' }, '--json')
    assert.deepEqual([missing.code, JSON.parse(missing.stdout).error.code], [2, 'missing-argument'])
    writeFileSync(join(folder, 'signer'), 'a file, and no folder')
    const cannot = await init({ provider: 'storj', framework: 'html', backend: 'node' }, '--json')
    assert.deepEqual([cannot.code, JSON.parse(cannot.stdout).error.code], [1, 'cannot-write'])
  })

  test('looks at the bucket, where it knows it', async () => {
    await putCors(at.gateway, at.bucket, [OPEN_CORS])
    const args = ['init', '.', '--provider', 's3', '--framework', 'vue', '--backend', 'node']
    const env = { ...at.env, BUCKET_UPLOAD_BUCKET: at.bucket }
    const { code, stdout } = await bucketUpload(args, { cwd: folder, env })
    assert.equal(code, 0, stdout)
    assert.match(stdout, /^✓ the bucket lets the page upload$/m)
    assert.deepEqual(await listObjects(at.gateway, at.bucket), [])
  })
})
