import { join } from 'node:path'
import { isProgram, which } from './which.ts'

/** Where a browser may be. */
export interface BrowserPlaces {
  /** The environment variable that goes before all others. */
  variable: string
  /** Names of its program in PATH. */
  names: string[]
  /** Its applications on macOS, and the program inside, if that has another name. */
  macApps: [app: string, program?: string][]
  /** Its programs on Windows, below any folder for programs. */
  windowsPaths: string[][]
}

/** The path of a browser on this computer; undefined if there is none. */
export function locateBrowser(places: BrowserPlaces): string | undefined {
  const given = process.env[places.variable]
  if (given !== undefined && given !== '') return isProgram(given) ? given : undefined
  const [installed] = usualPlaces(places).filter(isProgram)
  return installed ?? places.names.map(which).find((path) => path !== undefined)
}

function usualPlaces({ macApps, windowsPaths }: BrowserPlaces): string[] {
  const { HOME = '', LOCALAPPDATA = '' } = process.env
  if (process.platform === 'darwin') {
    return macApps.flatMap(([app, program = app]) =>
      ['/Applications', join(HOME, 'Applications')].map((folder) =>
        join(folder, `${app}.app`, 'Contents', 'MacOS', program),
      ),
    )
  }
  if (process.platform !== 'win32') return []
  const roots = [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], LOCALAPPDATA]
  return windowsPaths.flatMap((path) => roots.map((root) => join(root ?? '', ...path)))
}
