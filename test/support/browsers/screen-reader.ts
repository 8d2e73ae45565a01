import type { Page } from 'puppeteer-core'

/** What a screen reader would say by itself. */
export interface Heard {
  /** The texts of live regions so far, in the order in which they changed. */
  words(): Promise<string[]>
  /** Waits until something is said. */
  until(pattern: RegExp): Promise<void>
}

/**
 * Listens to all live regions of a page, in whichever shadow root, as a screen reader does: each time
 * that the text of one changes it is spoken whole.
 */
export async function listenToScreenReader(page: Page): Promise<Heard> {
  await page.evaluate(() => {
    const words: string[] = []
    Object.assign(window, { heard: words })
    const last = new Map<Element, string>()
    const regions = (root: ParentNode): Element[] =>
      [...root.querySelectorAll('*')].flatMap((it) => [
        ...(it.matches('[role=status], [role=alert], [aria-live], output') ? [it] : []),
        ...(it.shadowRoot ? regions(it.shadowRoot) : []),
      ])
    const listen = () => {
      for (const region of regions(document)) {
        const text = region.textContent.replace(/\s+/g, ' ').trim()
        if (text && text !== last.get(region)) words.push(text)
        last.set(region, text)
      }
      requestAnimationFrame(listen)
    }
    listen()
  })
  const words = () => page.evaluate(() => (window as unknown as { heard: string[] }).heard)
  return {
    words,
    async until(pattern) {
      await page
        .waitForFunction(
          (source) =>
            (window as unknown as { heard: string[] }).heard.some((text) =>
              new RegExp(source).test(text),
            ),
          {},
          pattern.source,
        )
        .catch(async () => {
          throw new Error(`Never heard ${pattern}, but: ${(await words()).join(' | ')}`)
        })
    },
  }
}
