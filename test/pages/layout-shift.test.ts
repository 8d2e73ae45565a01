/** With placeholder.css nothing on the page moves when the script comes, however late. */

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser } from 'puppeteer-core'
import { launchBrowser } from '../support/browsers/browser.ts'
import { DIST } from '../support/built.ts'
import { filesIn, noIcon, type Site, serve } from '../support/pages/site.ts'

const TAGS = {
  'no texts': '<bucket-upload signer="/sign"></bucket-upload>',
  'a label and restrictions':
    '<bucket-upload signer="/sign" label="Your photos" accept="image/*" max-size="25MB" multiple></bucket-upload>',
  compact: '<bucket-upload signer="/sign" variant="compact" label="Your photos"></bucket-upload>',
  inline: '<bucket-upload signer="/sign" variant="inline" label="Your photos"></bucket-upload>',
  'a field': '<bucket-upload-field signer="/sign"></bucket-upload-field>',
  'compact, with restrictions':
    '<bucket-upload signer="/sign" variant="compact" label="Your photos" accept="image/*" max-size="25MB" multiple></bucket-upload>',
  'inline, with restrictions':
    '<bucket-upload signer="/sign" variant="inline" label="Your photos" accept="image/*" max-size="25MB" multiple></bucket-upload>',
  'a field with texts':
    '<bucket-upload-field signer="/sign" label="Your CV" hint="As PDF" accept=".pdf" max-size="5MB"></bucket-upload-field>',
  'a portrait with texts':
    '<bucket-upload-field signer="/sign" kind="avatar" label="Your picture" max-size="5MB"></bucket-upload-field>',
  folders: '<bucket-upload signer="/sign" directory multiple></bucket-upload>',
  'a grid': '<bucket-upload signer="/sign" layout="grid" multiple></bucket-upload>',
  'a drop zone with texts':
    '<bucket-upload-drop-zone label="Your photos" hint="Up to ten"></bucket-upload-drop-zone>',
  'a button': '<bucket-upload-button></bucket-upload-button>',
  'parts that are empty at first': ['list', 'progress', 'messages', 'interrupted', 'existing']
    .map((name) => `<bucket-upload-${name}></bucket-upload-${name}>`)
    .join(''),
  'existing files':
    '<bucket-upload signer="/sign" label="Files" multiple><a slot="existing" href="/one.txt">one.txt</a></bucket-upload>',
  'a portrait': '<bucket-upload-field signer="/sign" kind="avatar"></bucket-upload-field>',
}

const HIDDEN = `<bucket-upload hidden></bucket-upload><bucket-upload hidden variant="inline"></bucket-upload>
  <bucket-upload-field hidden></bucket-upload-field><bucket-upload-button hidden></bucket-upload-button>`

const page = (tag: string, style = true) => `<!doctype html><html lang="en"><title>Room</title>
${style ? '<link rel="stylesheet" href="/placeholder.css">' : ''}
<style>body { font: 16px/1.5 sans-serif; margin: 16px }</style>
<p>Above</p>${tag}<p>Below</p>
<script>
  window.shift = 0
  new PerformanceObserver((list) => {
    for (const { value } of list.getEntries()) window.shift += value
  }).observe({ type: 'layout-shift', buffered: true })
</script>`

describe('layout shift', () => {
  let browser: Browser
  let site: Site

  before(async () => {
    browser = await launchBrowser()
    const files = filesIn(DIST)
    site = await serve(async (request) => {
      const { pathname, searchParams } = new URL(request.url)
      if (pathname === '/favicon.ico') return noIcon()
      if (pathname !== '/') return files(request)
      const tag = TAGS[searchParams.get('tag') as keyof typeof TAGS] ?? HIDDEN
      const html = page(tag, searchParams.get('style') !== 'none')
      return new Response(html, { headers: { 'Content-Type': 'text/html' } })
    })
  })
  after(async () => {
    await browser?.close()
    site?.stop()
  })

  async function shiftOf(tag: string, width: number, style = ''): Promise<number> {
    const tab = await browser.newPage()
    await tab.setViewport({ width, height: 900 })
    await tab.goto(`${site.origin}/?${new URLSearchParams({ tag, style })}`)
    // Two frames are painted without the script, as on a slow line.
    const frames = () =>
      tab.evaluate(async () => {
        for (let left = 3; left > 0; left--) await new Promise(requestAnimationFrame)
      })
    await frames()
    await tab.addScriptTag({ url: '/cdn/bucket-upload.js', type: 'module' })
    await tab.waitForFunction(() => document.querySelector(':not(:defined)') === null)
    await frames()
    const shift = await tab.evaluate(() => (window as unknown as { shift: number }).shift)
    await tab.close()
    return shift
  }

  for (const tag of Object.keys(TAGS)) {
    for (const width of [1000, 320]) {
      test(`${tag}, at ${width} px`, async () => assert.equal(await shiftOf(tag, width), 0))
    }
  }

  test('what is hidden stays hidden', async () => {
    const tab = await browser.newPage()
    await tab.goto(`${site.origin}/?${new URLSearchParams({ tag: 'hidden' })}`)
    const shown = () =>
      tab.$$eval('[hidden]', (all) => all.filter((it) => it.checkVisibility()).length)
    assert.equal(await shown(), 0)
    await tab.addScriptTag({ url: '/cdn/bucket-upload.js', type: 'module' })
    await tab.waitForFunction(() => document.querySelector(':not(:defined)') === null)
    assert.equal(await shown(), 0)
    await tab.close()
  })

  test('what the page says of an element goes before it', async () => {
    const tab = await browser.newPage()
    await tab.goto(`${site.origin}/?${new URLSearchParams({ tag: 'inline' })}`)
    await tab.addStyleTag({ content: 'bucket-upload { inline-size: 300px; display: grid }' })
    const look = () =>
      tab.$eval('bucket-upload', (it) => [
        (it as HTMLElement).offsetWidth,
        getComputedStyle(it).display,
      ])
    assert.deepEqual(await look(), [300, 'grid'])
    await tab.close()
  })

  test('without the stylesheet there is one, which is seen', async () => {
    assert.ok((await shiftOf('no texts', 1000, 'none')) > 0)
  })
})
