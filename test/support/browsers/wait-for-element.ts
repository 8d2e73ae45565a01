import { setTimeout as wait } from 'node:timers/promises'
import type { ElementHandle, Page } from 'puppeteer-core'

/** How often to look, in ms. */
const PAUSE = 50

/**
 * Waits for an element, in a shadow root too. `page.waitForSelector` looks again only when the document
 * itself changes, and so never finds what a shadow root gets later.
 *
 * @param timeout in ms
 */
export async function waitForElement(
  page: Page,
  selector: string,
  timeout = 30_000,
): Promise<ElementHandle> {
  const end = Date.now() + timeout
  for (;;) {
    const found = await page.$(selector)
    if (found) return found
    if (Date.now() > end) throw new Error(`There was no ${selector} within ${timeout} ms.`)
    await wait(PAUSE)
  }
}
