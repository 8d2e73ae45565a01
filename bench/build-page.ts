import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const ENTRY = fileURLToPath(new URL('page/index.ts', import.meta.url))

/** Bundles the contestants; the library is not among them. Returns the folder. */
export async function buildPage(folder: string): Promise<string> {
  const outDir = join(folder, 'page')
  await build({
    configFile: false,
    logLevel: 'warn',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      outDir,
      emptyOutDir: true,
      lib: { entry: ENTRY, formats: ['es'], fileName: () => 'bench.js' },
    },
  })
  return outDir
}
