/** Files in the order that people want, and captions: by mouse, finger and keys, in plain HTML, React and Vue. */
import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'puppeteer-core'
import type { BucketUpload } from '../../src/index.ts'
import { createSigner, s3 } from '../../src/server/index.ts'
import { launchBrowser } from '../support/browsers/browser.ts'
import { waitForElement } from '../support/browsers/wait-for-element.ts'
import { CDN } from '../support/built.ts'
import { bundleFile } from '../support/pages/bundled.ts'
import type { shows as Shows } from '../support/pages/rows-page.ts'
import { filesIn, noIcon, type Site, serve } from '../support/pages/site.ts'
import { bucketName, cephGateway } from '../support/servers/gateways.ts'
import { createBucket, deleteBucket, OPEN_CORS } from '../support/servers/s3-admin.ts'

const PAGE = fileURLToPath(new URL('../support/pages/rows-page.ts', import.meta.url))
const ROWS = 'bucket-upload >>> [data-id]'
const FIELDS = '<template slot="fields"><label>Caption <input name="caption"></label></template>'
const SIZE = { width: 800, height: 600 }
const PHONE = { width: 320, height: 600, hasTouch: true, isMobile: true }

let gateway: Awaited<ReturnType<typeof cephGateway>>
let bucket: string
let browser: Browser
let site: Site
let signer: Site
let page: Page
/** What the signer got along with the files, by their names. */
const signed = new Map<string, Record<string, string>>()

before(async () => {
  gateway = await cephGateway()
  bucket = bucketName('rows')
  await createBucket(gateway, bucket, [OPEN_CORS])
  signer = await serve(
    createSigner({
      bucket: s3({ ...gateway, bucket }),
      ...{ authorize: 'everybody', origins: '*', maxSize: '1MB' },
      onSigned: ({ file, meta }) => void signed.set(file.name, meta),
    }),
  )
  const code = await bundleFile(PAGE, 'production')
  const built = filesIn(CDN)
  site = await serve((request) => {
    const { pathname, searchParams } = new URL(request.url)
    const answer = (body: string, type: string) =>
      new Response(body, { headers: { 'Content-Type': `text/${type}` } })
    if (pathname === '/favicon.ico') return noIcon()
    if (pathname === '/page.js') return answer(code, 'javascript')
    const [attributes, fields] = [searchParams.get('attributes') ?? '', searchParams.has('fields')]
    if (pathname === '/plain') return answer(plain(attributes, fields), 'html')
    if (pathname !== '/framework') return built(request)
    return answer(htmlOf('<div id="root"></div>', 'page.js'), 'html')
  })
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
  for (const server of [site, signer]) server?.stop()
  if (bucket) await deleteBucket(gateway, bucket)
})
afterEach(() => page?.close())

const htmlOf = (body: string, script: string) => `<!doctype html><html lang="en"><title>Rows</title>
<meta name="viewport" content="width=device-width">
<script type="module" src="/${script}"></script>${body}`

const plain = (attributes: string, hasFields: boolean) =>
  htmlOf(
    `<form><bucket-upload signer="${signer.origin}" multiple manual reorder name="papers"
    ${attributes}>${hasFields ? FIELDS : ''}</bucket-upload></form>`,
    'bucket-upload.js',
  )

async function open(path: string, view = SIZE): Promise<void> {
  page = await browser.newPage()
  await page.setViewport(view)
  await page.goto(`${site.origin}${path}`)
}

/** Opens the page in plain HTML, with so many files. */
async function openPlain(count: number, attributes = '', view = SIZE): Promise<void> {
  await open(`/plain?${new URLSearchParams({ attributes })}`, view)
  await add(count)
}

/** Adds files: 0.txt, 1.txt and so on. */
async function add(count: number): Promise<void> {
  await page.waitForSelector('bucket-upload:defined')
  await page.evaluate((count) => {
    const upload = document.querySelector('bucket-upload') as BucketUpload
    upload.add(Array.from({ length: count }, (_, index) => new File(['x'], `${index}.txt`)))
  }, count)
  await waitForElement(page, `${ROWS} .handle`)
  await still()
}

/** Waits until the rows stay where they are: the page moves while its parts come. */
async function still(): Promise<void> {
  for (let [last, same] = ['', 0]; same < 4; ) {
    const place = JSON.stringify(await (await page.$(`${ROWS} .handle`))?.boundingBox())
    same = place === last ? same + 1 : 0
    last = place
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 50)))
  }
}

/** The numbers of the files, in the order of the list. */
function order(): Promise<string> {
  return page.evaluate(() =>
    (document.querySelector('bucket-upload') as BucketUpload).files
      .map(({ name }) => name.replace('.txt', ''))
      .join(' '),
  )
}

/** The middle of the handle of a row, from 0. */
async function grip(index: number): Promise<{ x: number; y: number }> {
  const box = await (await page.$$(`${ROWS} .handle`))[index]?.boundingBox()
  assert.ok(box)
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}

async function drag(from: number, to: number): Promise<void> {
  const [start, end] = [await grip(from), await grip(to)]
  await page.mouse.move(start.x, start.y)
  await page.mouse.down()
  await page.mouse.move(end.x, end.y, { steps: 8 })
  await page.mouse.up()
}

describe('a row', () => {
  test('that is dragged by a mouse goes where it is dropped, and the rows between make room', async () => {
    await openPlain(5)
    const [start, end] = [await grip(1), await grip(3)]
    await page.mouse.move(start.x, start.y)
    await page.mouse.down()
    await page.mouse.move(end.x, end.y, { steps: 8 })
    assert.equal(await order(), '0 1 2 3 4', 'nothing changes until it is dropped')
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)))
    const tops = await page.$$eval(ROWS, (rows) =>
      rows.map((row) => Math.round(row.getBoundingClientRect().top)),
    )
    const sorted = [0, 2, 3, 1, 4].map((index) => tops[index] ?? 0)
    assert.deepEqual(
      sorted,
      sorted.toSorted((one, other) => one - other),
    )
    await page.mouse.up()
    assert.equal(await order(), '0 2 3 1 4')
    await drag(4, 0)
    assert.equal(await order(), '4 0 2 3 1')
    // A press alone moves nothing.
    await drag(2, 2)
    assert.equal(await order(), '4 0 2 3 1')
    const said = await page.$eval('bucket-upload >>> bucket-upload-list >>> [role=status]', (it) =>
      it.textContent?.trim(),
    )
    assert.equal(said, '4.txt, 1 of 5')
  })

  test('that is dragged goes back with Escape', async () => {
    await openPlain(5)
    const [start, end] = [await grip(0), await grip(4)]
    await page.mouse.move(start.x, start.y)
    await page.mouse.down()
    await page.mouse.move(end.x, end.y, { steps: 4 })
    await page.keyboard.press('Escape')
    await page.mouse.up()
    assert.equal(await order(), '0 1 2 3 4')
    const moved = await page.$$eval(ROWS, (rows) =>
      rows.filter((row) => row instanceof HTMLElement && row.style.translate !== ''),
    )
    assert.equal(moved.length, 0)
  })

  for (const attributes of ['', 'layout="grid"', 'variant="gallery"']) {
    test(`that is dragged by a finger, ${attributes || 'in rows'}, does not scroll the page`, async () => {
      await openPlain(5, attributes, PHONE)
      const [start, end] = [await grip(0), await grip(2)]
      await page.touchscreen.touchStart(start.x, start.y)
      for (const share of [0.25, 0.5, 0.75, 1]) {
        const [x, y] = [start.x + (end.x - start.x) * share, start.y + (end.y - start.y) * share]
        await page.touchscreen.touchMove(x, y)
      }
      await page.touchscreen.touchEnd()
      assert.equal(await order(), '1 2 0 3 4')
      assert.equal(await page.evaluate(() => scrollY), 0)
    })

    test(`can be moved by presses alone, ${attributes || 'in rows'}`, async () => {
      await openPlain(5, attributes, PHONE)
      const point = await grip(1)
      await page.touchscreen.tap(point.x, point.y)
      const on = await waitForElement(page, `${ROWS} .moves .on`)
      const size = await on.boundingBox()
      assert.ok((size?.width ?? 0) >= 44 && (size?.height ?? 0) >= 44, JSON.stringify(size))
      await on.tap()
      assert.equal(await order(), '0 2 1 3 4')
    })
  }

  test('that is dragged scrolls a long list at its edge', async () => {
    await openPlain(200)
    const list = await waitForElement(page, 'bucket-upload >>> ul.placed')
    const box = await list.boundingBox()
    assert.ok(box)
    const start = await grip(0)
    await page.mouse.move(start.x, start.y)
    await page.mouse.down()
    await page.mouse.move(start.x, box.y + box.height - 4, { steps: 4 })
    const scrolled = () => list.evaluate((it) => it.scrollTop)
    while ((await scrolled()) < 1000) await page.evaluate(() => new Promise(requestAnimationFrame))
    await page.mouse.move(start.x, box.y + box.height / 2, { steps: 4 })
    await page.mouse.up()
    const place = (await order()).split(' ').indexOf('0')
    assert.ok(place > 15, `it is at ${place}`)
    const row = await page.$$eval(ROWS, (rows) => rows.map((it) => it.textContent?.trim() ?? ''))
    assert.ok(row.some((it) => it.startsWith('0.txt')))
  })
})

describe('the form sends files in the order in which they were put, and the signer gets their captions', () => {
  for (const name of ['plain', 'react', 'vue'] as const) {
    test(`in ${name}`, async () => {
      signed.clear()
      if (name === 'plain') await open('/plain?fields')
      else {
        await open('/framework')
        await page.waitForFunction(() => 'shows' in globalThis)
        await page.evaluate(
          (name, signer) => {
            const { shows } = globalThis as unknown as { shows: typeof Shows }
            shows[name](document.querySelector('#root') as HTMLElement, signer)
          },
          name,
          signer.origin,
        )
      }
      await add(4)
      await page.waitForSelector('bucket-upload > [slot^=fields-] input')
      await drag(3, 1)
      const inputs = await page.$$('bucket-upload > [aria-label="3.txt"] input')
      await inputs[0]?.click()
      await page.keyboard.type('The third')
      const sent = await page.evaluate(async () => {
        const upload = document.querySelector('bucket-upload') as BucketUpload
        const isDone = new Promise((resolve) => upload.addEventListener('upload-complete', resolve))
        upload.start()
        await isDone
        return [...new FormData(upload.form ?? undefined)].map(([name, value]) => [
          name,
          String(value).split('/').at(-1),
        ])
      })
      assert.deepEqual(sent, [
        ...['0.txt', '3.txt', '1.txt', '2.txt'].map((file) => ['papers', file]),
        ...['', 'The third', '', ''].map((caption) => ['caption', caption]),
      ])
      assert.deepEqual(signed.get('3.txt'), { caption: 'The third' })
      assert.deepEqual(signed.get('1.txt'), { caption: '' })
    })
  }
})
