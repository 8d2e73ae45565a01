import type { BrowserLauncher } from '@web/test-runner'
import { chromeLauncher } from '@web/test-runner-chrome'
import type { BrowserContext, Page } from 'puppeteer-core'
import * as puppeteer from 'puppeteer-core'
import type { BrowserName } from '../../../scripts/lib/browsers.ts'
import { findChromium } from '../../../scripts/lib/chromium.ts'
import { findFirefox } from '../../../scripts/lib/firefox.ts'
import { chromiumFlags } from './browser.ts'
import { WebKitLauncher } from './webkit-launcher.ts'

/** Starts a browser for the test runner. Each has one page, and never in the background. */
export function launcherOf(name: BrowserName): BrowserLauncher {
  return launchers[name]()
}

/** A page that may be left while its last test still uploads: a browser asks whether to. */
async function createPage({ context }: { context: BrowserContext }): Promise<Page> {
  const page = await context.newPage()
  page.on('dialog', (dialog) => void dialog.accept().catch(() => {}))
  return page
}

const launchers: Record<BrowserName, () => BrowserLauncher> = {
  chromium: () =>
    chromeLauncher({
      launchOptions: { executablePath: findChromium(), args: chromiumFlags },
      createPage,
    }),
  // With a puppeteer of its own the launcher starts whatever browser that can, here by WebDriver BiDi.
  firefox: () =>
    chromeLauncher({
      puppeteer,
      createPage,
      launchOptions: { browser: 'firefox', executablePath: findFirefox() },
    }),
  webkit: () => new WebKitLauncher(),
}
