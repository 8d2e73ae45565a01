import { locateBrowser } from './locate-browser.ts'

/** A Chromium, Chrome or Edge on this computer; CHROME_PATH goes before all others. */
export function locateChromium(): string | undefined {
  return locateBrowser({
    variable: 'CHROME_PATH',
    names: [
      'chromium',
      'chromium-browser',
      'google-chrome-stable',
      'google-chrome',
      'chrome',
      'msedge',
    ],
    macApps: [['Google Chrome'], ['Chromium'], ['Microsoft Edge']],
    windowsPaths: [
      ['Google', 'Chrome', 'Application', 'chrome.exe'],
      ['Chromium', 'Application', 'chrome.exe'],
      ['Microsoft', 'Edge', 'Application', 'msedge.exe'],
    ],
  })
}

/** Like `locateChromium`, for what cannot go on without. */
export function findChromium(): string {
  const path = locateChromium()
  if (path === undefined) throw new Error('No Chromium or Chrome found: set CHROME_PATH to one.')
  return path
}
