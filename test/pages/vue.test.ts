/** The component for Vue: a server's HTML, hydration, properties, events, the element, the slot. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'puppeteer-core'
import { renderToString } from 'vue/server-renderer'
import { launchBrowser } from '../support/browsers/browser.ts'
import { watch } from '../support/browsers/page-watch.ts'
import { bundleFile } from '../support/pages/bundled.ts'
import { noIcon, type Site, serve } from '../support/pages/site.ts'
import { application, type told as Told } from '../support/pages/vue-page.ts'

const PAGE = fileURLToPath(new URL('../support/pages/vue-page.ts', import.meta.url))

// With an older Vue the example is run, see test/examples.
describe('the component for Vue', () => {
  let browser: Browser
  let page: Page
  let html: string
  let complaints: string[]
  let site: Site
  const tell = <T>(look: (it: typeof Told) => T): Promise<T> =>
    page.evaluate(
      (code) =>
        new Function('told', `return (${code})(told)`)((globalThis as { told?: unknown }).told),
      String(look),
    )

  before(async () => {
    browser = await launchBrowser()
    html = await renderToString(application())
    // What developers get, with its warnings.
    const code = await bundleFile(PAGE, 'development')
    site = await serve((request) => {
      const { pathname } = new URL(request.url)
      if (pathname === '/favicon.ico') return noIcon()
      const whole = `<!doctype html><title>Vue</title><div id="root">${html}</div><script type="module" src="/page.js"></script>`
      const [body, type] = pathname === '/' ? [whole, 'text/html'] : [code, 'text/javascript']
      return new Response(body, { headers: { 'Content-Type': type } })
    })
    page = await browser.newPage()
    complaints = watch(page).complaints
    await page.evaluateOnNewDocument(() => {
      Object.assign(window, {
        litIssuedWarnings: new Set(['dev-mode']),
        // Vue asks bundlers to decide them.
        __VUE_OPTIONS_API__: true,
        __VUE_PROD_DEVTOOLS__: false,
        __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: true,
      })
    })
    await page.goto(site.origin)
    await page.waitForSelector('bucket-upload:defined')
  })
  after(() => site?.stop())
  after(() => browser?.close())

  test('renders attributes and the slot on a server', () => {
    assert.equal(
      html,
      '<bucket-upload drop-anywhere label="First" link-expires="60" max-size="5MB" multiple class="wide">' +
        '<a slot="existing" href="/one.txt">one.txt</a></bucket-upload>',
    )
  })

  test('takes that HTML over, and sets what is no attribute', async () => {
    assert.deepEqual(
      await tell((it) => {
        const element = it.element()
        const { label, multiple, dropAnywhere, disabled, maxSize, linkExpires } = element ?? {}
        const isSame = element === document.querySelector('#root > bucket-upload')
        const set = [label, multiple, dropAnywhere, !disabled, maxSize, Number(linkExpires)]
        return [...set, typeof element?.signer, element?.className, isSame]
      }),
      ['First', true, true, true, '5MB', 60, 'function', 'wide', true],
    )
    assert.deepEqual(complaints, [])
  })

  test('hands on events, once', async () => {
    await tell((it) => it.element()?.add([new File(['a'], 'a.txt')]))
    assert.deepEqual(await tell(({ events }) => events), ['a.txt'])
  })

  test('sets what changes, and takes back what is given no more', async () => {
    await tell(({ rerender }) => rerender({ label: 'Second', disabled: true }))
    await page.waitForSelector('bucket-upload[label=Second]')
    assert.deepEqual(
      await tell((it) => {
        const { label, disabled, multiple, dropAnywhere } = it.element() ?? {}
        return [label, disabled, multiple, dropAnywhere, it.element()?.hasAttribute('multiple')]
      }),
      ['Second', true, false, false, false],
    )
  })

  test('lets go of the element, without a complaint', async () => {
    await tell(({ unmount }) => unmount())
    assert.equal(await page.$('bucket-upload'), null)
    assert.deepEqual(complaints, [])
  })
})
