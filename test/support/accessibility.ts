import type { ElementHandle, Page } from 'puppeteer-core'

/** What has the focus, as somebody meets it who goes from one to the next. */
export interface FocusStop {
  /** Its accessible name, computed by the browser. */
  name: string
  role: string
  /** Whether something is drawn around it. */
  hasRing: boolean
  /** Whether all of it is in view. */
  inView: boolean
}

/** Finds out what has the focus, in whichever shadow root. */
export async function focused(page: Page): Promise<FocusStop> {
  const handle = await page.evaluateHandle(() => {
    let active: Element | null = document.activeElement
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement
    return active
  })
  const element = handle.asElement() as ElementHandle<HTMLElement> | null
  if (!element) throw new Error('Nothing has the focus.')
  const shape = await element.evaluate((it) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(it)
    const { top, bottom } = it.getBoundingClientRect()
    return {
      hasRing: outlineStyle !== 'none' && outlineWidth !== '0px',
      inView: top >= -1 && bottom <= innerHeight + 1,
    }
  })
  const node = await page.accessibility.snapshot({ root: element, interestingOnly: false })
  return { name: node?.name ?? '', role: node?.role ?? '', ...shape }
}
