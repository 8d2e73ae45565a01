/**
 * `npm run build-site`: documents, API reference, playground and Storybook as one static site, in
 * docs/.vitepress/dist or the folder that is named. `npm run site` shows the documents while they are
 * written.
 */
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, createServer } from 'vitepress'
import { runNode } from '../test/support/run.ts'
import { writeApiPages } from './lib/api-pages.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const docs = join(root, 'docs')
const [mode, folder = join(docs, '.vitepress/dist'), storybook] = process.argv.slice(2)

if (!existsSync(join(root, 'dist/custom-elements.json'))) await runNode(['--run', 'build'])
await writeApiPages(join(docs, 'api'))
writeOverview()
for (const scheme of ['light', 'dark']) {
  const picture = `images/uploading-${scheme}-320.png`
  cpSync(join(docs, picture), join(docs, `public/widget-${scheme}.png`))
}
if (mode === 'dev') {
  const server = await createServer(docs)
  await server.listen()
  server.printUrls()
} else {
  const outDir = resolve(folder)
  await build(docs, { outDir })
  const target = join(outDir, 'storybook')
  if (storybook === undefined) {
    await runNode(['scripts/storybook.ts', 'build', '-o', target, '--quiet'], { folder: '.' })
  } else cpSync(storybook, target, { recursive: true })
}

/** The README is the first page to read, here too. Its links are those of a file in the root. */
function writeOverview(): void {
  const text = readFileSync(join(root, 'README.md'), 'utf8')
    .replace(/^# bucket-upload$/m, '# Overview')
    .replace(/\]\(docs\//g, '](')
    .replace(/\]\((examples|schema|CONTRIBUTING)/g, '](../$1')
    .replaceAll('="docs/images/', '="./images/')
  writeFileSync(join(docs, 'overview.md'), text)
}
