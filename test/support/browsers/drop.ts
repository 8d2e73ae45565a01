import assert from 'node:assert/strict'
import type { Page } from 'puppeteer-core'
import { waitForElement } from './wait-for-element.ts'

/** Drops files or folders of the disk onto the widget, as a person does. */
export async function dropFiles(page: Page, paths: string[]): Promise<void> {
  const zone = await waitForElement(page, 'bucket-upload >>> .zone')
  const box = await zone.boundingBox()
  assert.ok(box)
  const point = { x: box.x + box.width / 2, y: box.y + box.height - 10 }
  const session = await page.createCDPSession()
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    const data = { items: [], files: paths, dragOperationsMask: 1 }
    await session.send('Input.dispatchDragEvent', { type, ...point, data })
  }
}
