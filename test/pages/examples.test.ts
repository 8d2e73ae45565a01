/** The example pages, built as their own scripts build them, in a real browser. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Browser } from 'puppeteer-core'
import { createSigner, s3 } from '../../src/server/index.ts'
import { launchBrowser } from '../support/browser.ts'
import { type EmbeddedS3, startEmbeddedS3 } from '../support/embedded-s3.ts'
import { watch } from '../support/page-watch.ts'
import { assertReturns, type FileOnDisk, pick, randomFile } from '../support/picked-file.ts'
import { runNode } from '../support/run.ts'
import { filesIn, type Site, serve } from '../support/site.ts'

const EXAMPLES = ['react', 'vue'] as const
/** Only the second one warns: frameworks leave their warnings out of what visitors get. */
const MODES = ['production', 'development'] as const

describe('example pages', () => {
  const folder = mkdtempSync(join(tmpdir(), 'examples-'))
  let browser: Browser
  let storage: EmbeddedS3
  let file: FileOnDisk

  before(async () => {
    ;[browser, storage] = await Promise.all([launchBrowser(), startEmbeddedS3()])
    file = randomFile(folder)
  })

  after(async () => {
    await Promise.all([browser?.close(), storage?.stop()])
    rmSync(folder, { recursive: true, force: true })
  })

  for (const example of EXAMPLES) {
    for (const mode of MODES) {
      test(`${example}, built for ${mode}`, async () => {
        const output = join(folder, `${example}-${mode}`)
        await build(example, mode, output)
        const tokens: (string | null)[] = []
        const site = await serveWithSigner(output, storage, tokens)
        try {
          await uploadThrough(browser, site, file)
          assert.deepEqual(tokens, [example === 'react' ? 'example-token' : null])
        } finally {
          site.stop()
        }
      })
    }
  }
})

/** The example's own script, type check and all; only the output goes elsewhere. */
function build(example: string, mode: string, output: string): Promise<void> {
  return runNode(['--run', 'build', '--', '--outDir', output], {
    folder: `examples/${example}`,
    env: { NODE_ENV: mode, VITE_SIGNER: undefined },
  })
}

/** Page and signer on one origin. Notes the token that each call of the signer brings. */
function serveWithSigner(
  output: string,
  storage: EmbeddedS3,
  tokens: (string | null)[],
): Promise<Site> {
  const page = filesIn(output)
  const signer = createSigner({ bucket: s3(storage) })
  return serve((request) => {
    if (new URL(request.url).pathname !== '/sign') return page(request)
    tokens.push(request.headers.get('X-CSRF-Token'))
    return signer(request)
  })
}

async function uploadThrough(browser: Browser, site: Site, file: FileOnDisk): Promise<void> {
  const page = await browser.newPage()
  const watched = watch(page)
  // Lit greets developers with a warning, unless it believes it has done so. Its others still come.
  await page.evaluateOnNewDocument(() => {
    Object.assign(window, { litIssuedWarnings: new Set(['dev-mode']) })
  })
  await page.goto(site.origin)
  await pick(page, file)
  // A selector without `>>>` sees only the page's own list, and not the one in the widget.
  const link = await page.waitForSelector('.links a[href]', { timeout: 15_000 }).catch(() => null)
  assert(link, `No link has come. ${watched.complaints.join('\n')}`)
  const { text, href } = await link.evaluate(({ textContent, href }) => ({
    text: textContent,
    href,
  }))
  assert.equal(text, file.name)
  await assertReturns(href, file)
  assert.equal((await page.$$('.links a')).length, 1)
  assert.deepEqual(watched.complaints, [])
  await page.close()
}
