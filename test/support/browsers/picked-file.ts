import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ElementHandle, Page } from 'puppeteer-core'
import { waitForElement } from './wait-for-element.ts'

/** A file on the disk, with random content. */
export interface FileOnDisk {
  name: string
  path: string
  sha256: string
}

/** A name that has what URLs and headers have to encode. */
const HARD_NAME = "Größe (100 %) & Anna's.bin"

/** Writes a file into a folder. */
export function randomFile(folder: string, size = 300_000, name = HARD_NAME): FileOnDisk {
  const path = join(folder, name)
  const content = randomBytes(size)
  writeFileSync(path, content)
  return { name, path, sha256: sha256(content) }
}

/** Picks files in the widget, as the browser's file dialog would. */
export async function pick(page: Page, ...files: FileOnDisk[]): Promise<void> {
  const input = await waitForElement(page, 'body >>> bucket-upload >>> input[type=file]')
  await (input as ElementHandle<HTMLInputElement>).uploadFile(...files.map(({ path }) => path))
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
