import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Page } from 'puppeteer-core'
import { runNode } from '../run.ts'

const { resolve } = createRequire(import.meta.url)

interface StoryIndex {
  entries: Record<string, { id: string; type: string }>
}

/** Builds the Storybook as a static site. */
export async function buildStorybook(output: string): Promise<void> {
  const storybook = join(dirname(resolve('storybook/package.json')), 'dist/bin/dispatcher.js')
  await runNode([storybook, 'build', '--disable-telemetry', '-o', output], {
    env: { STORYBOOK_DISABLE_TELEMETRY: '1' },
  })
}

/** The ids of the stories in a Storybook that was built, or of its pages of docs. */
export function storiesIn(folder: string, kind: 'story' | 'docs' = 'story'): string[] {
  const { entries }: StoryIndex = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8'))
  return Object.values(entries)
    .filter(({ type }) => type === kind)
    .map(({ id }) => id)
}

/** Waits until the elements of a story are drawn. */
export async function storyDrawn(page: Page, timeout = 15_000): Promise<void> {
  await page.waitForFunction(
    () => [...document.querySelectorAll('.story *')].some((it) => it.shadowRoot?.childElementCount),
    { timeout },
  )
}
