import { fileURLToPath } from 'node:url'
import type { TestRunnerPlugin } from '@web/test-runner'
import { build, type Plugin, type Rollup } from 'vite'

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
  return bundleFile(fileURLToPath(new URL(`${name}.ts`, import.meta.url)))
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
