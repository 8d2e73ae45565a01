import type { BrowserLauncher } from '@web/test-runner'
import { chromeLauncher } from '@web/test-runner-chrome'
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

const launchers: Record<BrowserName, () => BrowserLauncher> = {
  chromium: () =>
    chromeLauncher({ launchOptions: { executablePath: findChromium(), args: chromiumFlags } }),
  // With a puppeteer of its own the launcher starts whatever browser that can, here by WebDriver BiDi.
  firefox: () =>
    chromeLauncher({
      puppeteer,
      launchOptions: { browser: 'firefox', executablePath: findFirefox() },
    }),
  webkit: () => new WebKitLauncher(),
}
