/** URLs that other tools have presigned, as the documents of the providers do it, go through the widget. */

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'puppeteer-core'
import { findPython, IBM_SDK, locatePythonOf } from '../../scripts/lib/python.ts'
import { locateAwsCli, which } from '../../scripts/lib/which.ts'
import type { BucketUpload } from '../../src/index.ts'
import { launchBrowser } from '../support/browsers/browser.ts'
import {
  assertReturns,
  type FileOnDisk,
  pick,
  randomFile,
} from '../support/browsers/picked-file.ts'
import { waitForElement } from '../support/browsers/wait-for-element.ts'
import { CDN } from '../support/built.ts'
import { filesIn, noIcon, type Site, serve } from '../support/pages/site.ts'
import { bucketName, cephGateway } from '../support/servers/gateways.ts'
import { createBucket, deleteBucket, OPEN_CORS } from '../support/servers/s3-admin.ts'

const PRESIGN = fileURLToPath(new URL('../support/signer/foreign-urls.py', import.meta.url))

const folder = mkdtempSync(join(tmpdir(), 'foreign-urls-'))
let file: FileOnDisk
let gateway: Awaited<ReturnType<typeof cephGateway>>
let bucket: string
let site: Site
let browser: Browser

before(async () => {
  file = randomFile(folder)
  gateway = await cephGateway()
  bucket = bucketName('foreign')
  await createBucket(gateway, bucket, [OPEN_CORS])
  const built = filesIn(CDN)
  site = await serve((request) => {
    const { pathname } = new URL(request.url)
    if (pathname === '/favicon.ico') return noIcon()
    if (pathname !== '/') return built(request)
    const html = `<!doctype html><title>Upload</title><script type="module" src="/bucket-upload.js"></script>
<bucket-upload links="full"></bucket-upload>`
    return new Response(html, { headers: { 'Content-Type': 'text/html' } })
  })
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
  site?.stop()
  rmSync(folder, { recursive: true, force: true })
  if (bucket) await deleteBucket(gateway, bucket)
})

/** Uploads the file through the widget to that URL; answers with the link that the widget shows. */
async function uploadThrough(url: string, downloadUrl: string): Promise<string> {
  const page = await browser.newPage()
  await page.goto(site.origin)
  await page.evaluate(
    (signed) => {
      const element = document.querySelector('bucket-upload') as BucketUpload
      element.signer = (requests) => requests.map(({ id }) => ({ id, ...signed }))
    },
    { url, downloadUrl },
  )
  await pick(page, file)
  const link = await waitForElement(page, 'bucket-upload >>> a[part=link]', 15_000)
  const href = await link.evaluate((element) => (element as HTMLAnchorElement).href)
  await page.close()
  return href ?? ''
}

/** SDKs for Python; IBM's only where it could be installed. */
const SDKS = { boto3: findPython(), ibm_boto3: locatePythonOf(IBM_SDK) }

/** What an SDK presigns for a key. */
function presign(
  sdk: keyof typeof SDKS,
  version: string,
  key: string,
): { put: string; get: string } {
  const { endpoint, region, accessKeyId, secretAccessKey } = gateway
  const args = [PRESIGN, sdk, bucket, endpoint, region, accessKeyId, secretAccessKey, version, key]
  const [urls] = JSON.parse(execFileSync(SDKS[sdk] ?? '', args, { encoding: 'utf8' }))
  return urls
}

describe('a URL that was presigned', () => {
  for (const sdk of ['boto3', 'ibm_boto3'] as const) {
    if (SDKS[sdk] === undefined) continue
    for (const [what, version, mark] of [
      ['SigV4', 's3v4', 'X-Amz-Signature='],
      ['SigV2', 's3', 'AWSAccessKeyId='],
    ] as const) {
      test(`by ${sdk} with ${what}`, async () => {
        const { put, get } = presign(sdk, version, `${sdk}/${version}/Größe & mehr.bin`)
        assert.ok(put.includes(mark), 'is signed in another way')
        assert.equal(await uploadThrough(put, get), get)
        await assertReturns(get, file)
      })
    }
  }

  test('by aws-cli, to be downloaded', async () => {
    const key = 'aws/plain.bin'
    const env = {
      ...process.env,
      AWS_ACCESS_KEY_ID: gateway.accessKeyId,
      AWS_SECRET_ACCESS_KEY: gateway.secretAccessKey,
      AWS_DEFAULT_REGION: gateway.region,
      AWS_CONFIG_FILE: join(folder, 'none'),
    }
    const args = ['s3', 'presign', `s3://${bucket}/${key}`, '--expires-in', '900']
    const get = execFileSync(locateAwsCli(), [...args, '--endpoint-url', gateway.endpoint], {
      ...{ env, encoding: 'utf8' },
    }).trim()
    await uploadThrough(presign('boto3', 's3v4', key).put, get)
    await assertReturns(get, file)
  })

  test('by s3cmd, to be downloaded, with + before the seconds that its documents leave out', async () => {
    const key = 's3cmd/plain.bin'
    const { host } = new URL(gateway.endpoint)
    const get = execFileSync(
      which('s3cmd') ?? 's3cmd',
      [
        ...[
          '--config',
          join(folder, 'none'),
          '--no-ssl',
          `--host=${host}`,
          `--host-bucket=${host}`,
        ],
        ...[`--access_key=${gateway.accessKeyId}`, `--secret_key=${gateway.secretAccessKey}`],
        ...['signurl', `s3://${bucket}/${key}`, '+900'],
      ],
      { encoding: 'utf8' },
    ).trim()
    await uploadThrough(presign('boto3', 's3v4', key).put, get)
    await assertReturns(get, file)
  })
})
