/** What `init` writes for Python, done as it says: the widget of its page uploads to a real bucket. */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Browser } from 'puppeteer-core'
import { launchBrowser } from '../support/browsers/browser.ts'
import { assertReturns, randomFile } from '../support/browsers/picked-file.ts'
import { uploadByWidget } from '../support/browsers/widget-page.ts'
import { bucketUpload, runProgram } from '../support/command.ts'
import { type ExampleSigner, settingsOf, startIn } from '../support/examples/example-signer.ts'
import { PYTHON_PACKAGE, run } from '../support/examples/quick-start.ts'
import { filesIn, type Site, serve } from '../support/pages/site.ts'
import type { Gateway } from '../support/servers/ceph.ts'
import { bucketName, cephGateway } from '../support/servers/gateways.ts'
import { freePorts } from '../support/servers/ports.ts'
import { createBucket, deleteBucket, OPEN_CORS } from '../support/servers/s3-admin.ts'

describe('what init writes for Python', () => {
  const folder = mkdtempSync(join(tmpdir(), 'init-python-'))
  const bucket = bucketName('init')
  let gateway: Gateway
  let browser: Browser
  let site: Site
  let signer: ExampleSigner
  let port: number

  const change = (path: string, replace: (text: string) => string) => {
    const file = join(folder, path)
    const before = readFileSync(file, 'utf8')
    const changed = replace(before)
    assert.notEqual(changed, before, `${path} is not as it was.`)
    writeFileSync(file, changed)
  }

  before(async () => {
    ;[gateway, browser, site] = await Promise.all([
      cephGateway(),
      launchBrowser(),
      serve(filesIn(join(folder, 'public'))),
    ])
    await createBucket(gateway, bucket, [OPEN_CORS])
    const answers = ['--provider', 's3', '--framework', 'html', '--backend', 'python']
    const { stdout } = await bucketUpload(['init', '.', ...answers], { cwd: folder })
    const step = (number: number) => new RegExp(`^ {2}${number}\\. (.*)$`, 'm').exec(stdout)?.[1]
    const [copy = ''] = step(2)?.split(', ') ?? []
    run(copy, folder)
    const settings = {
      ...settingsOf({ ...gateway, bucket }, site.origin),
      SIGNER_SECRET: 'a secret of 16 characters or more',
    }
    for (const [name, value] of Object.entries(settings)) {
      if (name.startsWith('COS_')) continue
      change('.env', (text) => text.replace(new RegExp(`^${name}=.*$`, 'm'), `${name}=${value}`))
    }
    // The package is not at PyPI, but here; and another program may listen at port 3000.
    change('signer/requirements.txt', (text) =>
      text.replace(/^bucket-upload-signer$/m, PYTHON_PACKAGE),
    )
    ;[port = 0] = await freePorts(1)
    change('public/upload.html', (text) => text.replace('localhost:3000', `localhost:${port}`))
    const [enter, ...commands] = (step(4) ?? '').replace('3000', `${port}`).split(' && ')
    assert.equal(enter, 'cd signer')
    const start = commands.pop() ?? ''
    for (const command of commands) run(command, join(folder, 'signer'))
    signer = await startIn(join(folder, 'signer'), start.split(' '), {})
  })
  after(async () => {
    signer?.stop()
    site?.stop()
    await browser?.close()
    await deleteBucket(gateway, bucket)
    rmSync(folder, { recursive: true, force: true })
  })

  test('uploads small files and large ones from its page', async (t) => {
    const page = await browser.newPage()
    t.after(() => page.close())
    await page.goto(`${site.origin}/upload.html`)
    const files = [300_000, 40_000_000].map((size) => randomFile(folder, size, `Größe ${size}.bin`))
    const { links, sent } = await uploadByWidget(page, gateway.endpoint, files)
    assert.deepEqual([...sent].sort(), ['PUT', 'part'])
    for (const file of files) await assertReturns(links.get(file.name) ?? '', file)
  })

  test('keeps the protocol, and is for everybody until somebody looks who calls', async () => {
    const args = ['conformance', `http://127.0.0.1:${port}/sign`, '--store', '--json']
    const { code, stdout } = await bucketUpload(args)
    assert.equal(code, 0, stdout)
    const results: { id: string; verdict: string }[] = JSON.parse(stdout).results
    const others = results.filter(({ verdict }) => verdict !== 'ok')
    assert.deepEqual(
      others.map(({ id, verdict }) => `${verdict}: ${id}`),
      ['skipped: status', 'warning: caller'],
    )
  })

  test('says what is missing where there is no secret', async () => {
    const ran = await runProgram('.venv/bin/flask', ['--app', 'signer', 'routes'], {
      cwd: join(folder, 'signer'),
      env: { SIGNER_SECRET: '' },
    })
    assert.notEqual(ran.code, 0)
    assert.match(ran.stderr, /"secret" .*16 characters/)
  })
})
