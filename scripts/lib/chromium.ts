import { join } from 'node:path'
import { isProgram, which } from './which.ts'

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'chrome',
  'msedge',
]

const MAC_APPS = ['Google Chrome', 'Chromium', 'Microsoft Edge']

const WINDOWS_PATHS = [
  ['Google', 'Chrome', 'Application', 'chrome.exe'],
  ['Chromium', 'Application', 'chrome.exe'],
  ['Microsoft', 'Edge', 'Application', 'msedge.exe'],
]

/** A Chromium, Chrome or Edge on this computer; CHROME_PATH goes before all others. */
export function locateChromium(): string | undefined {
  const given = process.env.CHROME_PATH
  if (given !== undefined && given !== '') return isProgram(given) ? given : undefined
  const [installed] = usualPlaces().filter(isProgram)
  return installed ?? NAMES.map(which).find((path) => path !== undefined)
}

/** Like `locateChromium`, for what cannot go on without. */
export function findChromium(): string {
  const path = locateChromium()
  if (path === undefined) throw new Error('No Chromium or Chrome found: set CHROME_PATH to one.')
  return path
}

function usualPlaces(): string[] {
  const { HOME = '', LOCALAPPDATA = '' } = process.env
  if (process.platform === 'darwin') {
    return MAC_APPS.flatMap((app) =>
      ['/Applications', join(HOME, 'Applications')].map((folder) =>
        join(folder, `${app}.app`, 'Contents', 'MacOS', app),
      ),
    )
  }
  if (process.platform !== 'win32') return []
  const roots = [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], LOCALAPPDATA]
  return WINDOWS_PATHS.flatMap((path) => roots.map((root) => join(root ?? '', ...path)))
}
