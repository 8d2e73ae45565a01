import { fileURLToPath } from 'node:url'
import type { TestRunnerPlugin } from '@web/test-runner'
import { build, type Plugin, type Rollup } from 'vite'
import { snippetBelow } from '../docs/snippets.ts'

/**
 * Serves a module with all that it imports in it, at `/bundled/<name>.js` for `test/support/<name>.ts`.
 * The test server hands out modules one by one, which packages in CommonJS are not made for.
 */
export function bundled(): TestRunnerPlugin {
  const made = new Map<string, Promise<string>>()
  return {
    name: 'bundled',
    async serve({ path }) {
      const name = /^\/bundled\/([\w-]+)\.js$/.exec(path)?.[1]
      if (name === undefined) return undefined
      const code = made.get(name) ?? bundle(name)
      made.set(name, code)
      return { body: await code, type: 'js' }
    },
  }
}

/** The code of `test/support/<name>.ts`, with all that it imports. */
export function bundle(name: string): Promise<string> {
  const entry = fileURLToPath(new URL(`${name}.ts`, import.meta.url))
  return bundleFile(entry, 'production', [BUILT], [snippets])
}

/** The file that people load from a CDN: what is tested is what ships, and its workers are beside it. */
const BUILT = '/dist/cdn/bucket-upload.js'

/** Imports a script of a document as it stands there: `docs/page.md#Heading` has the first one below `## Heading`. */
const snippets: Plugin = {
  name: 'snippets',
  enforce: 'pre',
  resolveId: (id) =>
    id === 'bucket-upload/engine'
      ? { id: BUILT, external: true }
      : /^docs\/.+\.md#/.test(id)
        ? `\0${id}.js`
        : undefined,
  load(id) {
    const [, path, heading] = /^\0(docs\/.+\.md)#(.+)\.js$/.exec(id) ?? []
    return path && heading ? snippetBelow(path, `## ${heading}`, 'js') : undefined
  },
}

/**
 * The code of a module, with all that it imports.
 *
 * @param external packages that stay outside
 * @param plugins for what is not TypeScript
 */
export async function bundleFile(
  entry: string,
  mode = 'production',
  external: (string | RegExp)[] = [],
  plugins: Plugin[] = [],
): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'warn',
    mode,
    plugins,
    define: { 'process.env.NODE_ENV': JSON.stringify(mode) },
    build: {
      ...{ write: false, minify: false, target: 'es2022', lib: { entry, formats: ['es'] } },
      rolldownOptions: { external, output: { codeSplitting: false } },
    },
  })
  const [output] = [result].flat() as Rollup.RollupOutput[]
  const [chunk] = output?.output ?? []
  if (chunk === undefined) throw new Error(`Nothing came of ${entry}.`)
  return chunk.code
}
