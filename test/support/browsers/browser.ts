import puppeteer, { type Browser } from 'puppeteer-core'
import { findChromium } from '../../../scripts/lib/chromium.ts'

/** Flags for a Chromium under test: no sandbox where root runs it, and no calls home. */
export const chromiumFlags = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
]

/** Starts a Chromium without a window, with these flags besides. Whoever starts it closes it. */
export function launchBrowser(...flags: string[]): Promise<Browser> {
  return puppeteer.launch({
    executablePath: findChromium(),
    args: [...chromiumFlags, ...flags],
    // The tests have limits of their own.
    protocolTimeout: 600_000,
  })
}
