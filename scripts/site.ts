/**
 * `npm run build-site`: documents, API reference, playground and Storybook as one static site, in
 * docs/.vitepress/dist or the folder that is named. `npm run site` shows the documents while they are
 * written.
 */
import { cpSync, existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, createServer } from 'vitepress'
import { runNode } from '../test/support/run.ts'
import { writeApiPages } from './lib/api-pages.ts'
import { writeFilePages } from './lib/file-pages.ts'
import { writeForMachines } from './lib/for-machines.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const docs = join(root, 'docs')
const [mode, folder = join(docs, '.vitepress/dist'), storybook] = process.argv.slice(2)

if (!existsSync(join(root, 'dist/custom-elements.json'))) await runNode(['--run', 'build'])
await writeApiPages(join(docs, 'api'))
writeFilePages(root)
writeForMachines(root)
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
