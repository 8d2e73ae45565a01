/**
 * `npm run check-site`: looks at each page of the site, light and dark, wide and at 320 px, with axe,
 * IBM Equal Access and Siteimprove Alfa. `npm test` does that with each page once, and with one of
 * each kind in all looks.
 *
 * `-- /install.html` checks some pages; `--site <folder>` takes a site that was built;
 * `--pictures <folder>` takes a picture of each page in each look.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Page } from 'puppeteer-core'
import { launchBrowser } from '../test/support/browsers/browser.ts'
import {
  ALL_CHECKERS,
  findingsOn,
  KINDS,
  LOOKS,
  look,
  openPage,
  pagesOf,
  removeFrame,
  staticHost,
  withPages,
} from '../test/support/pages/built-site.ts'
import { serve } from '../test/support/pages/site.ts'
import { runNode } from '../test/support/run.ts'

/** Alfa thinks in this process, the others in the browser: so both have something to do. */
const AT_ONCE = 3

/** The most of a page that is in its picture, in px. */
const HEIGHT = 6000

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    site: { type: 'string' },
    pictures: { type: 'string' },
    'pictures-only': { type: 'boolean' },
  },
})
const folder = mkdtempSync(join(tmpdir(), 'check-site-'))
const root = values.site ?? join(folder, 'site')
if (values.site === undefined) await runNode(['scripts/site.ts', 'build', root])
if (values.pictures) mkdirSync(values.pictures, { recursive: true })
const site = await serve(staticHost(root))
const browser = await launchBrowser()
const paths = positionals.length > 0 ? positionals : pagesOf(root)
let failed = 0
try {
  await withPages(browser, paths, AT_ONCE, async (page, path) => {
    const findings = await check(page, path)
    if (findings.length === 0) return
    failed += 1
    console.log(`${path}\n${findings.map((it) => `  ${it}`).join('\n')}`)
  })
} finally {
  await browser.close()
  site.stop()
  rmSync(folder, { recursive: true, force: true })
}
console.log(`${paths.length - failed} pages without a finding, ${failed} with`)
process.exitCode = failed === 0 ? 0 : 1

/** One load, and then all looks. */
async function check(page: Page, path: string): Promise<string[]> {
  const findings: string[] = []
  const [first = { scheme: 'light', width: 1280 }] = LOOKS
  await look(page, first)
  const { complaints } = await openPage(page, `${site.origin}${path}`)
  if (values.pictures) {
    for (const each of LOOKS) {
      await look(page, each)
      await picture(page, path, `${each.scheme}-${each.width}`)
    }
  }
  if (values['pictures-only']) return complaints
  if (!KINDS.includes(path)) await removeFrame(page)
  for (const each of LOOKS) {
    await look(page, each)
    const found = await findingsOn(page, ALL_CHECKERS)
    findings.push(...found.map((it) => `${each.scheme}, ${each.width} px: ${it.slice(0, 600)}`))
  }
  return [...complaints, ...findings]
}

async function picture(page: Page, path: string, name: string): Promise<void> {
  const file = `${path.slice(1, -5).replaceAll('/', '_')}.${name}.png`
  const { width, height } = await page.evaluate(() => ({
    width: innerWidth,
    height: document.documentElement.scrollHeight,
  }))
  await page.screenshot({
    path: join(values.pictures ?? '', file),
    clip: { x: 0, y: 0, width, height: Math.min(height, HEIGHT) },
  })
}
