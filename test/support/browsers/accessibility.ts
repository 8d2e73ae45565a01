import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
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

const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** What axe finds on a page that breaks WCAG 2.2 AA, but in what these selectors match. */
export async function axeFindings(page: Page, but: string[] = []): Promise<string[]> {
  await page.evaluate(AXE)
  return page.evaluate(
    async (tags, exclude) => {
      const { axe } = window as unknown as { axe: typeof import('axe-core') }
      const { violations } = await axe.run(
        { include: [['html']], exclude: exclude.map((it) => [it]) },
        { runOnly: tags },
      )
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)
    },
    WCAG,
    but,
  )
}

/** Asserts that axe finds nothing on a page that breaks WCAG 2.2 AA, but in what these selectors match. */
export async function assertAccessible(page: Page, but: string[] = []): Promise<void> {
  assert.deepEqual(await axeFindings(page, but), [])
}

const ACE = readFileSync(
  fileURLToPath(import.meta.resolve('accessibility-checker-engine/ace.js')),
  'utf8',
)

/** What IBM's checker says of a part of a page. */
interface IbmResult {
  value: [policy: string, verdict: string]
  ruleId: string
  message: string
  snippet: string
}

/** What IBM Equal Access finds on a page that breaks WCAG 2.2 for certain. */
export async function ibmFindings(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'ace' in window))) await page.evaluate(ACE)
  return page.evaluate(async () => {
    const { ace } = window as unknown as {
      ace: {
        Checker: new () => {
          check(root: Document, policies: string[]): Promise<{ results: IbmResult[] }>
        }
      }
    }
    const { results } = await new ace.Checker().check(document, ['WCAG_2_2'])
    return results
      .filter(({ value: [policy, verdict] }) => policy === 'VIOLATION' && verdict === 'FAIL')
      .map(({ ruleId, message, snippet }) => `${ruleId}: ${message} ${snippet}`)
  })
}
