/** The widget with S3 servers that nobody here has written: what goes in comes out, byte for byte. */

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'puppeteer-core'
import { createSigner, type S3Options, type SignerConfig, s3 } from '../../src/server/index.ts'
import { launchBrowser } from '../support/browsers/browser.ts'
import { assertReturns, type FileOnDisk, randomFile } from '../support/browsers/picked-file.ts'
import { pageOfWidget, uploadByWidget } from '../support/browsers/widget-page.ts'
import { serve } from '../support/pages/site.ts'
import type { RunningGateway } from '../support/servers/ceph.ts'
import { bucketName } from '../support/servers/gateways.ts'
import { SERVERS } from '../support/servers/other-servers.ts'
import {
  createBucket,
  deleteBucket,
  listMultipartUploads,
  OPEN_CORS,
} from '../support/servers/s3-admin.ts'

/** Bytes. The first two go up as forms, where there are forms, and the last two in parts. */
const SIZES = [0, 1, 300_000, 17 * 2 ** 20, 40_000_000]

interface Way {
  /** What is different from the defaults. */
  bucket?: Partial<S3Options>
  signer?: Partial<SignerConfig>
  /** What the page sends to the bucket. */
  sends: string[]
}

const PUTS: Way = { sends: ['PUT', 'part'] }
const FORMS: Way = { bucket: { postPolicy: true }, sends: ['POST', 'PUT', 'part'] }
const CHECKSUMS: Way = { signer: { checksum: 'crc64nvme' }, sends: ['PUT', 'part'] }

/** In which ways each server is used. */
const WAYS: Record<keyof typeof SERVERS, Record<string, Way>> = {
  ceph: { PUTs: PUTS, forms: FORMS },
  moto: { PUTs: PUTS, forms: FORMS },
  versitygw: { PUTs: PUTS, forms: FORMS, checksums: CHECKSUMS },
}

const folder = mkdtempSync(join(tmpdir(), 'servers-'))
let files: FileOnDisk[]
let browser: Browser

before(async () => {
  files = SIZES.map((size) => randomFile(folder, size, `Größe & ${size}.bin`))
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
  rmSync(folder, { recursive: true, force: true })
})

for (const [name, ways] of Object.entries(WAYS)) {
  const start = SERVERS[name as keyof typeof SERVERS]
  if (start === undefined) continue
  describe(`the widget with ${name}`, () => {
    let gateway: RunningGateway

    before(async () => {
      gateway = await start()
    })
    after(() => gateway?.stop())

    for (const [way, { bucket, signer, sends }] of Object.entries(ways)) {
      it(`stores five files by ${way}, and returns them`, async (test) => {
        const name = bucketName(way.toLowerCase())
        await createBucket(gateway, name, [OPEN_CORS])
        test.after(() => deleteBucket(gateway, name))
        const { endpoint, region, accessKeyId, secretAccessKey } = gateway
        const served = await serve(
          createSigner({
            bucket: s3({ endpoint, region, accessKeyId, secretAccessKey, bucket: name, ...bucket }),
            authorize: 'everybody',
            origins: '*',
            ...signer,
          }),
        )
        test.after(served.stop)
        const page = await pageOfWidget(test, browser, () => served.origin)
        const { links, sent } = await uploadByWidget(page, endpoint, files)
        assert.deepEqual([...sent].sort(), sends)
        assert.equal(links.size, files.length)
        for (const file of files) await assertReturns(links.get(file.name) ?? '', file)
        assert.deepEqual(await listMultipartUploads(gateway, name), [])
      })
    }
  })
}
