/** The component for React, as React 19 runs it: properties, handlers, ref, StrictMode, a server's HTML. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'puppeteer-core'
import { type ComponentType, createElement } from 'react'
import { renderToString } from 'react-dom/server'
import { launchBrowser } from '../support/browsers/browser.ts'
import { watch } from '../support/browsers/page-watch.ts'
import { bundleFile } from '../support/pages/bundled.ts'
import type { told as Told } from '../support/pages/react-page.ts'
import { noIcon, type Site, serve } from '../support/pages/site.ts'

const PAGE = fileURLToPath(new URL('../support/pages/react-page.ts', import.meta.url))
const COMPONENTS = fileURLToPath(new URL('../../src/frameworks/react/index.ts', import.meta.url))
const HTML =
  '<!doctype html><title>React</title><div id="root"></div><script type="module" src="/page.js"></script>'

let browser: Browser
before(async () => {
  browser = await launchBrowser()
})
after(() => browser?.close())

// With React 18 the example is run, see test/examples.
describe('the component for React', () => {
  let page: Page
  let complaints: string[]
  let site: Site
  const tell = <T>(look: (it: typeof Told) => T): Promise<T> =>
    page.evaluate(
      (code) =>
        new Function('told', `return (${code})(told)`)((globalThis as { told?: unknown }).told),
      String(look),
    )

  before(async () => {
    // What developers get, with its warnings.
    const code = await bundleFile(PAGE, 'development')
    site = await serve((request) => {
      const { pathname } = new URL(request.url)
      if (pathname === '/favicon.ico') return noIcon()
      const [body, type] = pathname === '/' ? [HTML, 'text/html'] : [code, 'text/javascript']
      return new Response(body, { headers: { 'Content-Type': type } })
    })
    page = await browser.newPage()
    complaints = watch(page).complaints
    await page.evaluateOnNewDocument(() => {
      Object.assign(window, { litIssuedWarnings: new Set(['dev-mode']) })
    })
    await page.goto(site.origin)
    await page.waitForSelector('bucket-upload:defined')
  })
  after(() => site?.stop())

  test('sets what is given, functions too', async () => {
    assert.deepEqual(
      await tell(({ element: it }) => [
        it?.label,
        it?.multiple,
        it?.maxSize,
        typeof it?.signer,
        it?.className,
      ]),
      ['First', true, '5MB', 'function', 'wide'],
    )
  })

  test('calls the handler of the last render, once', async () => {
    await tell(({ element }) => element?.add([new File(['a'], 'a.txt')]))
    const before = await tell(({ events, renders }) => [
      events.length,
      events[0] === `${renders}: a.txt`,
    ])
    assert.deepEqual(before, [1, true])
    await tell(({ rerender }) => rerender({ label: 'Second' }))
    await page.waitForFunction(
      () =>
        (document.querySelector('bucket-upload') as unknown as { label?: string })?.label ===
        'Second',
    )
    await tell(({ element }) => element?.add([new File(['b'], 'b.txt')]))
    assert.deepEqual(
      await tell(({ events, renders }) => [events.length, events[1] === `${renders}: b.txt`]),
      [2, true],
    )
  })

  test('takes back what is given no more', async () => {
    assert.deepEqual(await tell(({ element: it }) => [it?.label, !it?.multiple, !it?.maxSize]), [
      'Second',
      true,
      true,
    ])
    assert.equal(await tell(({ element }) => element?.hasAttribute('multiple')), false)
  })

  test('lets go of the element, without a complaint', async () => {
    const kept = await page.evaluateHandle(() => document.querySelector('bucket-upload'))
    await tell(({ unmount }) => unmount())
    assert.equal(await tell(({ element }) => element), null)
    await page.evaluate((element) => {
      ;(element as unknown as { add(files: File[]): void }).add([new File(['c'], 'c')])
    }, kept)
    assert.equal(await tell(({ events }) => events.length), 2)
    // What stops may stop its worker while that is being loaded.
    assert.deepEqual(
      complaints.filter((it) => !/ERR_ABORTED.*hash-worker/.test(it)),
      [],
    )
  })

  test('renders attributes on a server', async () => {
    const code = await bundleFile(COMPONENTS, 'production', ['react', /^lit/, /^@uppy/])
    const { BucketUpload } = (await import(
      `data:text/javascript,${encodeURIComponent(resolved(code))}`
    )) as { BucketUpload: ComponentType }
    const html = renderToString(
      createElement(BucketUpload, {
        ...{ label: 'Your "files"', maxSize: '5MB', multiple: true, disabled: false },
        signer: () => [],
      } as object),
    )
    assert.equal(
      html,
      '<bucket-upload label="Your &quot;files&quot;" max-size="5MB" multiple=""></bucket-upload>',
    )
  })
})

/** A module in a data: URL has no place from which it could look for others. */
function resolved(code: string): string {
  return code.replace(
    /(from\s*|import\s*\(?\s*)"([\w@][^"]*)"/g,
    (_, before: string, name: string) => `${before}"${import.meta.resolve(name)}"`,
  )
}
