/**
 * The cases of custom-elements-everywhere.com, with our tag in place of its toys: whether a framework
 * shows it, with children, hides and shows it again, sets text, numbers, booleans, and rich data, and
 * listens to its events. Our events are in lowercase or kebab-case: the cases of camelCase, CAPS and
 * PascalCase do not apply. Each is shown before the tag is defined, and after.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'puppeteer-core'
import { compile } from 'svelte/compiler'
import type { Plugin } from 'vite'
import type { BucketUpload } from '../../src/index.ts'
import { launchBrowser } from '../support/browsers/browser.ts'
import { CDN } from '../support/built.ts'
import { bundleFile } from '../support/pages/bundled.ts'
import type { frameworks as Frameworks, Shown } from '../support/pages/frameworks-page.ts'
import { filesIn, noIcon, type Site, serve } from '../support/pages/site.ts'

const PAGE = fileURLToPath(new URL('../support/pages/frameworks-page.ts', import.meta.url))

const NAMES = ['react', 'preact', 'vue', 'svelte', 'solid', 'lit']

/** They ask the element for its properties, so that rich data needs it to be defined. */
const ASKING = ['react', 'preact']

const svelte: Plugin = {
  name: 'svelte',
  transform(code, id) {
    if (!id.endsWith('.svelte')) return null
    return compile(code, { filename: id, generate: 'client' }).js.code
  },
}

/** What is seen in the page. */
interface Seen {
  attributes: unknown[]
  rich: unknown[]
  drawn: boolean
  links: number[]
  hidden: boolean
  again: boolean
  events: string[]
  imperative: string[]
}

describe('our tag as any other, in', () => {
  let browser: Browser
  let site: Site
  before(async () => {
    const code = await bundleFile(PAGE, 'production', [], [svelte])
    const built = filesIn(CDN)
    site = await serve((request) => {
      const { pathname } = new URL(request.url)
      if (pathname === '/favicon.ico') return noIcon()
      const type = (it: string) => ({ headers: { 'Content-Type': it } })
      if (pathname === '/page.js') return new Response(code, type('text/javascript'))
      if (pathname !== '/') return built(request)
      const html =
        '<!doctype html><title>Frameworks</title><script type="module" src="/page.js"></script>'
      return new Response(html, type('text/html'))
    })
    browser = await launchBrowser()
  })
  after(async () => {
    await browser?.close()
    site?.stop()
  })

  for (const when of ['after', 'before'] as const) {
    describe(`a page that shows it ${when} it is defined:`, () => {
      let page: Page
      before(async () => {
        page = await browser.newPage()
        await page.goto(site.origin)
      })
      after(() => page?.close())
      for (const name of NAMES) {
        test(name, { skip: when === 'before' && ASKING.includes(name) }, async () => {
          // A tag can be defined once in a page.
          if (when === 'before') await page.reload()
          const seen = await page.evaluate(show, name, when)
          assert.deepEqual(seen, {
            attributes: ['Papers', true, 60],
            rich: [['k'], 'Put it here', { 'X-A': 'b' }, 'function'],
            drawn: true,
            links: [1, 2],
            hidden: true,
            again: true,
            events: ['files-added', 'input'],
            imperative: ['files-added'],
          })
        })
      }
    })
  }
})

/** In the page: shows the tag by a framework, and looks at it. */
async function show(name: string, when: string): Promise<Seen> {
  const { frameworks } = window as unknown as { frameworks: typeof Frameworks }
  const library = '/bucket-upload.js'
  if (when === 'after') await import(library)
  const target = document.createElement('div')
  document.body.append(target)
  const events: string[] = []
  const hear = (event: Event) => {
    events.push(event.type)
    event.preventDefault()
  }
  const shown: Shown = {
    isShown: true,
    links: ['/one'],
    attributes: { label: 'Papers', multiple: true, linkExpires: 60 },
    properties: {
      existing: [{ key: 'k', name: 'k' }],
      strings: { dropFiles: 'Put it here' } as never,
      signerHeaders: { 'X-A': 'b' },
      signer: () => [],
    },
    ...{ onAdded: hear, onInput: hear },
  }
  const show = frameworks[name]?.(target)
  show?.(shown)
  const get = () => target.querySelector('bucket-upload') as BucketUpload
  const countLinks = () => target.querySelectorAll('bucket-upload > a[slot=existing]').length
  if (when === 'before') await import(library)
  await get().updateComplete
  const links = [countLinks()]
  show?.({ ...shown, links: ['/one', '/two'] })
  links.push(countLinks())
  const element = get()
  await element.updateComplete
  const imperative: string[] = []
  element.addEventListener('files-added', (event) => imperative.push(event.type), { once: true })
  element.add([new File(['a'], 'a.txt')])
  element.dispatchEvent(new Event('input', { bubbles: true }))
  const { label, multiple, linkExpires, existing, strings, signerHeaders, signer } = element
  const seen = {
    attributes: [label, multiple, Number(linkExpires)],
    rich: [
      existing.map(({ key }) => key),
      (strings as { dropFiles?: string })?.dropFiles,
      signerHeaders,
      typeof signer,
    ],
    drawn: element.shadowRoot?.querySelector('bucket-upload-drop-zone') !== null,
    links,
    ...{ events, imperative },
  }
  show?.({ ...shown, isShown: false })
  const hidden = get() === null
  show?.(shown)
  await get().updateComplete
  const again = get().label === 'Papers' && get().existing.length === 1
  show?.({ ...shown, isShown: false })
  target.remove()
  return { ...seen, hidden, again }
}
