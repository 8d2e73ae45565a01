import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserLauncher, TestRunnerPlugin } from '@web/test-runner'
import type { ChromeLauncher } from '@web/test-runner-chrome'
import type { ElementHandle } from 'puppeteer-core'
import { WebKitLauncher } from './webkit-launcher.ts'

/** What the command `disk-file` does with a file on the disk of the test runner. */
export interface DiskFile {
  name: string
  /** So many bytes are written to it; without a size it is deleted. */
  size?: number
  /** Whether it is then picked in the page's file input, as in the browser's file dialog. */
  pick?: boolean
}

/** Lets tests pick real files, and change them afterwards, in all browsers. */
export function diskFiles(): TestRunnerPlugin<DiskFile> {
  const folder = mkdtempSync(join(tmpdir(), 'disk-files-'))
  return {
    name: 'disk-files',
    serverStop: () => rmSync(folder, { recursive: true, force: true }),
    async executeCommand({ command, payload, session: { browser, id } }) {
      if (command !== 'disk-file' || payload === undefined) return undefined
      const { name, size, pick } = payload
      mkdirSync(join(folder, id), { recursive: true })
      const path = join(folder, id, name)
      if (size === undefined) rmSync(path)
      else write(path, size)
      if (pick) await pickFile(browser, id, path)
      return true
    },
  }
}

let time = Date.now() / 1000

function write(path: string, size: number): void {
  writeFileSync(path, new Uint8Array(size))
  // Each write is of another second, as Chromium compares no more than that.
  time += 2
  utimesSync(path, time, time)
}

async function pickFile(browser: BrowserLauncher, session: string, path: string): Promise<void> {
  const selector = 'input[type=file]'
  if (browser instanceof WebKitLauncher) return browser.pickFile(selector, path)
  const input = await (browser as ChromeLauncher).getPage(session).$(selector)
  await (input as ElementHandle<HTMLInputElement>).uploadFile(path)
}
