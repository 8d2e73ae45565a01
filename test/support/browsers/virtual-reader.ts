import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'puppeteer-core'

const GUIDEPUP = readFileSync(
  fileURLToPath(import.meta.resolve('@guidepup/virtual-screen-reader/browser.js')),
  'utf8',
)

/**
 * What Guidepup's virtual screen reader says of an element, from its start to its end. It knows nothing of
 * shadow roots, and so reads a page with a flat copy of what they show.
 */
export async function readAloud(page: Page, selector: string): Promise<string[]> {
  const html = await page.$eval(selector, flatHtml)
  const reader = await page.browser().newPage()
  try {
    await reader.setContent(html)
    const phrases = await reader.evaluate(
      async (source) => {
        const { virtual } = await import(source)
        await virtual.start({ container: document.body })
        while ((await virtual.lastSpokenPhrase()) !== 'end of document') await virtual.next()
        return (await virtual.spokenPhraseLog()) as string[]
      },
      `data:text/javascript;base64,${Buffer.from(GUIDEPUP).toString('base64')}`,
    )
    return phrases.slice(1, -1)
  } finally {
    await reader.close()
    await page.bringToFront()
  }
}

/** Runs in the page. */
function flatHtml(root: Element): string {
  const isShown = (element: Element) => {
    const { display, visibility } = getComputedStyle(element)
    return display !== 'none' && visibility !== 'hidden'
  }
  const flat = (node: Node): Node[] => {
    if (node instanceof HTMLSlotElement) {
      const assigned = node.assignedNodes()
      return (assigned.length > 0 ? assigned : [...node.childNodes]).flatMap(flat)
    }
    if (node instanceof Text) return [node.cloneNode()]
    if (!(node instanceof Element) || !isShown(node)) return []
    const copy = node.cloneNode() as Element
    if (node instanceof HTMLProgressElement) copy.setAttribute('value', String(node.value))
    copy.append(...[...(node.shadowRoot ?? node).childNodes].flatMap(flat))
    return [copy]
  }
  return flat(root)
    .map((it) => (it instanceof Element ? it.outerHTML : ''))
    .join('')
}
