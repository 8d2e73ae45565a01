/** The browsers that the browser tests run in. */
import { CHROMIUM, FIREFOX, type Need, WEBKIT } from './system.ts'

/** Limits the browser tests to some browsers, and has all of these run: `chromium,firefox`. */
export const BROWSERS_VARIABLE = 'BROWSERS'

const BROWSERS = { chromium: CHROMIUM, firefox: FIREFOX, webkit: WEBKIT } satisfies Record<
  string,
  Need
>

/** A browser, by the name that it has in `BROWSERS`. */
export type BrowserName = keyof typeof BROWSERS

const ALL = Object.keys(BROWSERS) as BrowserName[]

/** The browsers to run. Those that `BROWSERS` names; without it, those that are installed. */
export function chosenBrowsers(): BrowserName[] {
  return namedBrowsers() ?? ALL.filter((name) => BROWSERS[name].isThere())
}

/** What the chosen browsers need: all that are named, or else Chromium at least. */
export function browserNeeds(): Need[] {
  return (namedBrowsers() ?? (['chromium'] as const)).map((name) => BROWSERS[name])
}

/** One line that says which browsers run, and which of the others are not installed. */
export function browsersLine(): string {
  const chosen = chosenBrowsers()
  const running = chosen.map((name) => BROWSERS[name].name).join(', ')
  const missing = ALL.filter((name) => !chosen.includes(name) && !BROWSERS[name].isThere())
  if (missing.length === 0) return `Browsers: ${running}`
  const names = missing.map((name) => BROWSERS[name].name).join(', ')
  return `Browsers: ${running} (not installed, so not tested: ${names}; see CONTRIBUTING.md)`
}

/** The browsers that the environment names; undefined if it leaves the choice open. */
function namedBrowsers(): BrowserName[] | undefined {
  const names = (process.env[BROWSERS_VARIABLE] ?? '').split(',').map((name) => name.trim())
  const named = names.filter((name) => name !== '')
  const unknown = named.filter((name) => !ALL.some((known) => known === name))
  if (unknown.length > 0) {
    throw new Error(`${BROWSERS_VARIABLE}: no ${unknown.join(', ')}, only ${ALL.join(', ')}`)
  }
  return named.length > 0 ? ALL.filter((name) => named.includes(name)) : undefined
}
