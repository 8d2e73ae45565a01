/** @uppy/webcam beside the widget, with the camera that Chromium has for tests. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSigner, s3 } from '../../src/server/index.ts'
import { launchBrowser } from '../support/browsers/browser.ts'
import { watch } from '../support/browsers/page-watch.ts'
import { waitForElement } from '../support/browsers/wait-for-element.ts'
import { CDN } from '../support/built.ts'
import { bundle } from '../support/pages/bundled.ts'
import { filesIn, serve } from '../support/pages/site.ts'
import { bucketName, cephGateway } from '../support/servers/gateways.ts'
import { createBucket, deleteBucket, listObjects, OPEN_CORS } from '../support/servers/s3-admin.ts'

const HTML = `<!doctype html><title>Camera</title>
<div id="camera"></div>
<bucket-upload links="full" signer="/sign"></bucket-upload>
<script type="module">
  import '/bucket-upload.js'
  import { Webcam } from '/plugins.js'
  const upload = document.querySelector('bucket-upload')
  await upload.engine.use(Webcam, { target: '#camera', modes: ['picture'], countdown: false })
</script>`

test('a picture of @uppy/webcam is uploaded', async (t) => {
  const gateway = await cephGateway()
  const bucket = bucketName('webcam')
  await createBucket(gateway, bucket, [OPEN_CORS])
  t.after(() => deleteBucket(gateway, bucket))
  const signer = createSigner({
    authorize: 'everybody',
    bucket: s3({ ...gateway, bucket }),
    accept: 'image/*',
  })
  const files = filesIn(CDN)
  const plugins = await bundle('uppy-plugins')
  const site = await serve(async (request) => {
    const { pathname } = new URL(request.url)
    if (pathname === '/sign') return signer(request)
    const own = { '/': [HTML, 'text/html'], '/plugins.js': [plugins, 'text/javascript'] }[pathname]
    return own
      ? new Response(own[0], { headers: { 'Content-Type': `${own[1]}; charset=utf-8` } })
      : files(request)
  })
  t.after(() => site.stop())
  const camera = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']
  const browser = await launchBrowser(...camera)
  t.after(() => browser.close())

  const page = await browser.newPage()
  const watched = watch(page)
  await page.goto(site.origin)
  const shutter = await page.waitForSelector('#camera button.uppy-Webcam-button--picture')
  await page.waitForFunction(
    () => (document.querySelector('#camera video') as HTMLVideoElement)?.videoWidth > 0,
  )
  await shutter?.click()
  const submit = await page.waitForSelector('#camera button.uppy-Webcam-button--submit')
  await submit?.click()
  const link = await waitForElement(page, 'bucket-upload >>> a[part=link]')
  const href = await link.evaluate((element) => (element as HTMLAnchorElement).href)
  const response = await fetch(href ?? '')
  assert.match(response.headers.get('Content-Type') ?? '', /^image\//)
  assert.equal((await listObjects(gateway, bucket)).length, 1)
  assert.deepEqual(watched.complaints, [])
})
