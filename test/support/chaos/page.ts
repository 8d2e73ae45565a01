/** The page that uploads. What it must remember beyond a reload is in its localStorage. */
import type { ElementHandle, Page } from 'puppeteer-core'
import type { UploadEngine } from '../../../src/engine/index.ts'
import type { ChaosFile } from './files.ts'

/** Serve it as `/` beside the library. */
export const PAGE =
  '<!doctype html><meta charset="utf-8"><title>Chaos</title><input type="file" multiple>'

/** What the page knows. */
export interface PageState {
  /** The keys that `file-uploaded` told, by the name of the file. One each, if all is well. */
  uploaded: Record<string, string[]>
  /** Codes of the files that failed since the page was loaded, by name. */
  failed: Record<string, string>
  /** What the others do, by name. */
  active: Record<string, string>
  /** Bytes that have left for files that are not finished. */
  loaded: number
}

/** Loads the page, and gives it what it has not uploaded yet, as if it had been picked. */
export async function beginUploads(
  page: Page,
  origin: string,
  files: ChaosFile[],
  options: Record<string, unknown>,
): Promise<void> {
  await page.goto(origin)
  await page.evaluate(startEngine, options)
  const { uploaded } = await readState(page)
  await pickFiles(
    page,
    files.filter(({ name }) => uploaded[name] === undefined),
  )
}

/** Picks files, as the browser's file dialog would. */
export async function pickFiles(page: Page, files: ChaosFile[]): Promise<void> {
  const input = (await page.$('input')) as ElementHandle<HTMLInputElement>
  if (files.length > 0) await input.uploadFile(...files.map(({ path }) => path))
}

/** What the page knows now. */
export function readState(page: Page): Promise<PageState> {
  return page.evaluate(() => {
    const { files } = (window as unknown as { engine: UploadEngine }).engine
    const state: PageState = { uploaded: {}, failed: {}, active: {}, loaded: 0 }
    for (const [name, keys] of Object.entries(localStorage)) {
      if (name.endsWith('.bin')) state.uploaded[name] = JSON.parse(keys)
    }
    for (const file of files) {
      if (file.status === 'failed') state.failed[file.name] = file.error.code
      else if (file.status !== 'uploaded') state.active[file.name] = file.status
      if ('loaded' in file) state.loaded += Number(file.loaded)
    }
    return state
  })
}

/** Runs in the page: nothing from outside of it may be used here. */
export async function startEngine(options: Record<string, unknown>): Promise<void> {
  const library: string = '/bucket-upload.js'
  const { UploadEngine: Engine } = await import(library)
  const engine: UploadEngine = new Engine(options)
  Object.assign(window, { engine })
  engine.addEventListener('file-uploaded', ({ detail: { name, key } }) => {
    const keys = JSON.parse(localStorage.getItem(name) ?? '[]')
    localStorage.setItem(name, JSON.stringify([...keys, key]))
  })
  const input = document.querySelector('input')
  input?.addEventListener('change', () => engine.add(Array.from(input.files ?? [])))
}
