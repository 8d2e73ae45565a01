import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Builds the library as it is now, all in one as for a CDN, into a separate folder. */
export async function buildLibrary(folder: string): Promise<string> {
  const outDir = join(folder, 'library')
  await build({ root, mode: 'cdn', logLevel: 'warn', build: { outDir, emptyOutDir: true } })
  return outDir
}
