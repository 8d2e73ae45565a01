/** The widget's main job by the example signers that know every operation, in a browser. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import type { Browser, Page } from 'puppeteer-core'
import { launchBrowser } from '../support/browsers/browser.ts'
import { assertReturns, pick, randomFile } from '../support/browsers/picked-file.ts'
import { waitForElement } from '../support/browsers/wait-for-element.ts'
import { pageOfWidget, uploadByWidget } from '../support/browsers/widget-page.ts'
import { PROOF, startWhole, WHOLE_SIGNERS } from '../support/examples/whole-signers.ts'
import { setUploadStage, type UploadStage } from '../support/pages/upload-stage.ts'
import type { Gateway } from '../support/servers/ceph.ts'
import { bucketName, cephGateway } from '../support/servers/gateways.ts'
import { createBucket, deleteBucket, OPEN_CORS } from '../support/servers/s3-admin.ts'

const MIB = 2 ** 20

/** Bytes. The last two go up in parts. */
const SIZES = [0, 1, 300_000, 17 * MIB, 60_000_000]

/** Of 11 parts, of which six move at the same time. */
const LARGE = 55 * MIB
const ALL = Array.from({ length: 11 }, (_, index) => index + 1)

for (const example of WHOLE_SIGNERS) {
  describe(`a page with the example signer ${example}`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'whole-signers-'))
    let gateway: Gateway
    let browser: Browser

    before(async () => {
      gateway = await cephGateway()
      browser = await launchBrowser()
    })
    after(async () => {
      await browser?.close()
      rmSync(folder, { recursive: true, force: true })
    })

    it('uploads small files and large ones', async (test) => {
      const bucket = bucketName('whole')
      await createBucket(gateway, bucket, [OPEN_CORS])
      test.after(() => deleteBucket(gateway, bucket))
      const start = async (origin: string) => {
        const signer = await startWhole(example, { ...gateway, bucket }, origin)
        test.after(signer.stop)
        return signer.url
      }
      const files = SIZES.map((size) => randomFile(folder, size, `Größe & ${size}.bin`))
      const page = await pageOfWidget(test, browser, start, PROOF)
      const { links, sent } = await uploadByWidget(page, gateway.endpoint, files)
      assert.deepEqual([...sent].sort(), ['PUT', 'part'])
      for (const file of files) await assertReturns(links.get(file.name) ?? '', file)
    })

    /** A page of which three parts of a large file got through, and no more do. */
    const holdMidway = async (test: { after(run: () => unknown): void }) => {
      const stage = await setUploadStage((bucket, origin) =>
        startWhole(example, bucket, origin, 'smallParts'),
      )
      test.after(stage.stop)
      const page = await browser.newPage()
      test.after(() => page.close())
      await page.goto(stage.origin)
      await showWidget(page, stage)
      const file = randomFile(folder, LARGE, 'film.bin')
      stage.hold(3)
      await pick(page, file)
      const stored = await stage.untilStored(3)
      // What comes later would get through once the line is let go.
      await until(() => stage.sent.length >= 9)
      return { stage, page, file, missing: ALL.filter((number) => !stored.includes(number)) }
    }

    it('goes on with a file that was paused', async (test) => {
      const { stage, page, file, missing } = await holdMidway(test)
      await click(page, `Pause: ${file.name}`)
      stage.letGo()
      await click(page, `Resume: ${file.name}`)
      await untilUploaded(page)
      assert.deepEqual(inOrder(stage.sent), missing)
      assert.ok(await stage.holdsOnly(file), 'the file is in the bucket, once, and nothing else')
    })

    it('goes on with a file after the page was loaded again', async (test) => {
      const { stage, page, file, missing } = await holdMidway(test)
      await page.reload()
      stage.letGo()
      await showWidget(page, stage)
      await pick(page, file)
      await untilUploaded(page)
      assert.deepEqual(inOrder(stage.sent), missing)
      assert.ok(await stage.holdsOnly(file), 'the file is in the bucket, once, and nothing else')
    })

    it('leaves nothing of a file that is removed', async (test) => {
      const { stage, page, file } = await holdMidway(test)
      await click(page, `Cancel: ${file.name}`)
      await until(async () => (await stage.uploads()).length === 0)
      assert.deepEqual(await stage.objects(), [])
    })
  })
}

async function showWidget(page: Page, { signer }: UploadStage): Promise<void> {
  await page.evaluate(
    async (signer, headers) => {
      const library: string = '/bucket-upload.js'
      await import(library)
      document.body.innerHTML = `<bucket-upload signer="${signer}" multiple></bucket-upload>`
      const element = document.querySelector('bucket-upload')
      if (element) element.signerHeaders = headers
    },
    signer,
    PROOF,
  )
}

async function click(page: Page, label: string): Promise<void> {
  const button = await waitForElement(page, `bucket-upload >>> [aria-label="${label}"]`)
  await button.click()
}

async function untilUploaded(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const [file] = document.querySelector('bucket-upload')?.files ?? []
    if (file?.status === 'failed') throw file.error
    return file?.status === 'uploaded'
  })
}

/** Waits until something holds; the test's own time-out ends a wait in vain. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await wait(50)
}

function inOrder(numbers: readonly number[]): number[] {
  return [...numbers].sort((one, other) => one - other)
}
