import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ElementHandle, Page } from 'puppeteer-core'

/** A file on the disk, with random content. */
export interface FileOnDisk {
  name: string
  path: string
  sha256: string
}

/** Writes a file into a folder; its name has what URLs and headers have to encode. */
export function randomFile(folder: string, size = 300_000): FileOnDisk {
  const name = "Größe (100 %) & Anna's.bin"
  const path = join(folder, name)
  const content = randomBytes(size)
  writeFileSync(path, content)
  return { name, path, sha256: sha256(content) }
}

/** Picks the file in the widget, as the browser's file dialog would. */
export async function pick(page: Page, file: FileOnDisk): Promise<void> {
  const input = await page.waitForSelector('body >>> bucket-upload >>> input[type=file]')
  await (input as ElementHandle<HTMLInputElement>).uploadFile(file.path)
}

/** Asserts that a link returns the file, byte for byte. */
export async function assertReturns(link: string, file: FileOnDisk): Promise<void> {
  const response = await fetch(link)
  assert.equal(response.status, 200)
  assert.equal(sha256(new Uint8Array(await response.arrayBuffer())), file.sha256)
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
