/** The examples with the library as npm publishes it: installed, built, and used in a real browser. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'puppeteer-core'
import { createSigner, s3 } from '../../src/server/index.ts'
import { launchBrowser } from '../support/browsers/browser.ts'
import { type PageWatch, watch } from '../support/browsers/page-watch.ts'
import {
  assertReturns,
  type FileOnDisk,
  pick,
  randomFile,
} from '../support/browsers/picked-file.ts'
import { waitForElement } from '../support/browsers/wait-for-element.ts'
import { copyExample } from '../support/examples/example-app.ts'
import { settingsOf, startIn } from '../support/examples/example-signer.ts'
import { pack } from '../support/examples/packed.ts'
import { run } from '../support/examples/quick-start.ts'
import { filesIn, type Site, serve } from '../support/pages/site.ts'
import type { Gateway } from '../support/servers/ceph.ts'
import { bucketName, cephGateway } from '../support/servers/gateways.ts'
import { createBucket, deleteBucket, listObjects, OPEN_CORS } from '../support/servers/s3-admin.ts'

describe('the example', () => {
  const root = mkdtempSync(join(tmpdir(), 'examples-'))
  const bucket = bucketName('examples')
  let gateway: Gateway
  let browser: Browser
  let tarball: string
  let file: FileOnDisk

  before(async () => {
    tarball = pack(root)
    file = randomFile(root)
    ;[gateway, browser] = await Promise.all([cephGateway(), launchBrowser()])
    await createBucket(gateway, bucket, [OPEN_CORS])
  })
  after(async () => {
    await browser?.close()
    await deleteBucket(gateway, bucket)
    rmSync(root, { recursive: true, force: true })
  })

  for (const example of ['react', 'vue', 'lit', 'headless']) {
    test(`${example}, built for visitors and for developers`, async (t) => {
      const folder = copyExample(example, root, tarball)
      // Only the second one warns: frameworks leave their warnings out of what visitors get.
      for (const mode of ['production', 'development']) {
        run(`npm run build -- --mode ${mode} --outDir ${mode}`, folder)
        const tokens: (string | null)[] = []
        const site = await withSigner(join(folder, mode), tokens)
        t.after(() => site.stop())
        const { page, watched } = await open(site.origin)
        if (example === 'headless') await (await page.$('input'))?.uploadFile(file.path)
        else await pick(page, file)
        await assertLinked(page, watched)
        assert.deepEqual(tokens[0], example === 'react' ? 'example-token' : null)
        if (example === 'vue') await assertClears(page)
        assert.deepEqual(watched.complaints, [])
        await page.close()
      }
    })
  }

  test('react, with React 18 and TypeScript 5, which has older types of the browser', async (t) => {
    const versions = { react: '^18', 'react-dom': '^18', typescript: '~5.9' }
    const types = { '@types/react': '^18', '@types/react-dom': '^18' }
    const folder = copyExample('react', join(root, 'react-18'), tarball, { ...versions, ...types })
    // The example itself leaves out the declarations of others, for the sake of Vite's.
    writeFileSync(join(folder, 'types.ts'), "import 'bucket-upload/react'\n")
    const options = '--strict --target es2022 --lib esnext,dom --moduleResolution bundler'
    run(`npx tsc --noEmit ${options} types.ts`, folder)
    run('npm run build -- --mode development --outDir built', folder)
    const site = await withSigner(join(folder, 'built'), [])
    t.after(() => site.stop())
    const { page, watched } = await open(site.origin)
    await pick(page, file)
    await assertLinked(page, watched)
    assert.deepEqual(watched.complaints, [])
    await page.close()
  })

  test('vue, with the oldest Vue that it is for, on a server and in a browser', async (t) => {
    const folder = copyExample('vue', join(root, 'vue-3.4'), tarball, { vue: '3.4.0' })
    const server = `
      import { createSSRApp, h } from 'vue'
      import { renderToString } from 'vue/server-renderer'
      import { BucketUpload } from 'bucket-upload/vue'
      const props = { label: 'Files', maxSize: '5MB', multiple: true, disabled: false, existing: [] }
      console.log(await renderToString(createSSRApp({ render: () => h(BucketUpload, props) })))`
    writeFileSync(join(folder, 'server.js'), server)
    assert.equal(
      execFileSync('node', ['server.js'], { cwd: folder, encoding: 'utf8' }),
      '<bucket-upload label="Files" max-size="5MB" multiple></bucket-upload>\n',
    )
    run('npm run build -- --mode development --outDir built', folder)
    const site = await withSigner(join(folder, 'built'), [])
    t.after(() => site.stop())
    const { page, watched } = await open(site.origin)
    await pick(page, file)
    await assertLinked(page, watched)
    await assertClears(page)
    assert.deepEqual(watched.complaints, [])
    await page.close()
  })

  test('form: what was uploaded is sent with the rest of the form', async (t) => {
    const folder = copyExample('form', root, tarball)
    const settings = settingsOf({ ...gateway, bucket }, '')
    const { url, stop } = await startIn(folder, ['node', 'server.js'], settings)
    t.after(stop)
    const { page, watched } = await open(url)
    await page.type('input[name=name]', 'Ann')
    await pick(page, file)
    // It is still on its way: the form waits for it. By keyboard, since the button moves up while the
    // zone gives its place to the list.
    await page.focus('form > p > button')
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')])
    const text = await page.$eval('body', (body) => body.textContent ?? '')
    const [, key = ''] = /Thank you, Ann\s*(users\/42\/\S+)/.exec(text) ?? []
    assert.ok(
      (await listObjects(gateway, bucket)).some((object) => object.key === key),
      text,
    )
    assert.deepEqual(watched.complaints, [])
    await page.close()

    const foreign = await fetch(`${url}/apply`, {
      method: 'POST',
      body: new URLSearchParams({ name: 'Bob', documents: 'users/1/secret' }),
    })
    assert.equal(foreign.status, 400)
  })

  /** Page and signer on one origin. Notes the token that each call of the signer brings. */
  function withSigner(folder: string, tokens: (string | null)[]): Promise<Site> {
    const page = filesIn(folder)
    const signer = createSigner({ authorize: 'everybody', bucket: s3({ ...gateway, bucket }) })
    return serve((request) => {
      if (new URL(request.url).pathname !== '/sign') return page(request)
      tokens.push(request.headers.get('X-CSRF-Token'))
      return signer(request)
    })
  }

  async function open(url: string): Promise<{ page: Page; watched: PageWatch }> {
    const page = await browser.newPage()
    const watched = watch(page)
    // Lit greets developers with a warning, unless it believes it has done so. Its others still come.
    await page.evaluateOnNewDocument(() => {
      Object.assign(window, { litIssuedWarnings: new Set(['dev-mode']) })
    })
    await page.goto(url)
    return { page, watched }
  }

  /** By the page's own list, not the one in the widget, which shows links too. */
  async function assertLinked(page: Page, { complaints }: PageWatch): Promise<void> {
    const own = ['ul a[href]', 'upload-page >>> ul.links a[href]']
    const link = await Promise.any(own.map((it) => waitForElement(page, it, 15_000))).catch(
      () => null,
    )
    assert(link, `No link has come. ${complaints.join('\n')}`)
    const [text, href] = await link.evaluate((element) => [
      element.textContent,
      (element as HTMLAnchorElement).href,
    ])
    assert.equal(text, file.name)
    await assertReturns(href ?? '', file)
  }
})

/** An empty `v-model` empties the element. */
async function assertClears(page: Page): Promise<void> {
  await page.click('main > p > button')
  await page.waitForSelector('main .quiet')
  const files = await page.$eval(
    'bucket-upload',
    (element) => (element as unknown as { files: unknown[] }).files.length,
  )
  assert.equal(files, 0)
}
