import { locateBrowser } from './locate-browser.ts'

/** A Firefox on this computer; FIREFOX_PATH goes before all others. */
export function locateFirefox(): string | undefined {
  return locateBrowser({
    variable: 'FIREFOX_PATH',
    names: ['firefox-esr', 'firefox'],
    macApps: [
      ['Firefox', 'firefox'],
      ['Firefox Developer Edition', 'firefox'],
    ],
    windowsPaths: [
      ['Mozilla Firefox', 'firefox.exe'],
      ['Firefox Developer Edition', 'firefox.exe'],
    ],
  })
}

/** Like `locateFirefox`, for what cannot go on without. */
export function findFirefox(): string {
  const path = locateFirefox()
  if (path === undefined) throw new Error('No Firefox found: set FIREFOX_PATH to one.')
  return path
}
