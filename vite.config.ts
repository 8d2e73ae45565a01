import { fileURLToPath } from 'node:url'
import { build, defineConfig, type Plugin, type Rollup } from 'vite'
import { compress } from './scripts/lib/compress.ts'
import { handOver } from './scripts/lib/hand-over.ts'
import { libraryFolder } from './scripts/lib/library-folder.ts'
import { licenses, modulesOf } from './scripts/lib/licenses.ts'
import { LOCALE_CODES } from './src/locales/codes.ts'

const packages = [/^lit/, /^@uppy\//, /^@aws-sdk\//, /^react/, /^vue/, /^node:/]

const isExternal = (id: string): boolean =>
  packages.some((each) => each.test(id)) || id.startsWith('@noble/hashes/')

/** Beside the code that starts them, under these names; see `src/engine/hash/start-worker.ts`. */
const WORKERS = ['hash-worker', 'hash-more', 'hash-plain']
/** Stands for `import.meta.url`; of the same length, so that source maps stay right. */
const HIDDEN = '__address_here_'

/** The entries of the translations, in a folder that ends with a slash, or in none. */
const locales = (folder: string) =>
  Object.fromEntries(
    LOCALE_CODES.map((code) => [`${folder}locales/${code}`, `src/locales/${code}.ts`]),
  )

/** All files for a page but the first one are in it. */
const FOLDER = `${libraryFolder()}/`

/**
 * Leaves `new Worker(new URL('./hash-worker.js', import.meta.url))` in the code as it is, for browsers
 * and for the bundlers of applications, by hiding it from Vite, which would put in something else.
 * Puts the workers beside it. Each is built by itself, so that it has everything inside.
 */
function workers(folder: string, minify: boolean): Plugin {
  return {
    name: 'workers',
    enforce: 'pre',
    transform(code) {
      if (!code.includes(`${WORKERS[0]}.js`)) return undefined
      return { code: code.replaceAll('import.meta.url', HIDDEN), map: null }
    },
    async generateBundle(_, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk' || !chunk.code.includes(HIDDEN)) continue
        chunk.code = chunk.code.replaceAll(HIDDEN, 'import.meta.url')
        if (!/^[^/]+$/.test(chunk.fileName.slice(folder.length))) {
          this.error(`${chunk.fileName} needs its workers beside it, not in "${folder}".`)
        }
      }
      for (const name of WORKERS) {
        for (const file of await bundleWorker(name, minify)) {
          const source = file.type === 'chunk' ? file.code : file.source
          this.emitFile({ type: 'asset', fileName: `${folder}${file.fileName}`, source })
        }
      }
    },
  }
}

/** The files that the workers are made of. */
const workerModules = new Set<string>()

/** The code of a worker in one file, and its source map. */
async function bundleWorker(name: string, minify: boolean): Promise<Rollup.RollupOutput['output']> {
  const entry = fileURLToPath(new URL(`src/engine/hash/${name}.ts`, import.meta.url))
  const result = await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      ...{ write: false, target: 'es2022', sourcemap: true, minify: false },
      lib: { entry, formats: ['es'], fileName: () => `${name}.js` },
      rolldownOptions: { output: { ...(minify && SMALL), codeSplitting: false } },
    },
  })
  const [{ output }] = [result].flat() as [Rollup.RollupOutput]
  for (const id of modulesOf(output.filter((it) => it.type === 'chunk'))) workerModules.add(id)
  return output
}

/**
 * Vite keeps the white space of libraries, for the sake of bundlers; these files are for browsers. What
 * is inside was written by others, whose licenses want to be named.
 */
const SMALL: Rollup.OutputOptions = { minify: true, comments: { legal: true } }

/** A template of Lit in the source, from its tag to the end of its text. */
interface TemplateNode {
  type: string
  tag?: { name?: string }
  quasi?: { quasis: { start: number; end: number }[] }
}

/** Without indentation. The ends of lines stay, so that two words never become one. */
const slimHtml = (text: string) => text.replace(/\n[ \t]+/g, '\n')

/** Without comments and white space that says nothing. */
function slimStyle(text: string): string {
  const style = text
    .replace(/\/\*.*?\*\//gs, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};]) ?/g, '$1')
    .replace(/([:,]) /g, '$1')
    .replaceAll(';}', '}')
  // As many lines as before: the source map of what follows stays right.
  return style + text.replace(/[^\n]/g, '')
}

/** Slims the templates of styles and HTML, which no minifier touches. */
function slimTemplates(): Plugin {
  return {
    name: 'slim-templates',
    enforce: 'pre',
    transform(code, id) {
      if (!/\/src\/elements\/.*\.ts$/.test(id) || !/\b(?:css|html)`/.test(code)) return undefined
      const cuts: { start: number; end: number; isStyle: boolean }[] = []
      const visit = (node: unknown): void => {
        if (!node || typeof node !== 'object') return
        const { type, tag, quasi } = node as TemplateNode
        const name = type === 'TaggedTemplateExpression' ? tag?.name : undefined
        for (const { start, end } of (name === 'css' || name === 'html' ? quasi?.quasis : []) ??
          []) {
          cuts.push({ start, end, isStyle: name === 'css' })
        }
        for (const each of Object.values(node)) visit(each)
      }
      visit(this.parse(code, { lang: 'ts' }))
      let slim = code
      for (const { start, end, isStyle } of cuts.sort((one, other) => other.start - one.start)) {
        const text = slim.slice(start, end)
        slim = slim.slice(0, start) + (isStyle ? slimStyle : slimHtml)(text) + slim.slice(end)
      }
      return { code: slim, map: null }
    },
  }
}

/** What of Uppy this library never comes to: for the one file they are empty. */
const UNREACHED: [path: string, code: string][] = [
  ['@uppy/aws-s3/lib/s3-client/CompanionS3.js', 'export default class {}'],
  ['@uppy/aws-s3/lib/s3-client/signer.js', 'export function createSigV4Signer() {}'],
  ['@uppy/core/lib/locale.js', 'export default { strings: {}, pluralize: () => 0 }'],
  ['@uppy/core/lib/utils/mimeTypes.js', 'export default {}'],
  ['@transloadit/prettier-bytes/dist/prettierBytes.js', 'export const prettierBytes = () => ""'],
]

/** Uppy's only use of lodash: to run a function at once, and then every 500 ms while it is called. */
const THROTTLE = `export default (run, ms) => {
  let timer
  let isDue = false
  const tick = () => {
    timer = undefined
    if (!isDue) return
    isDue = false
    timer = setTimeout(tick, ms)
    run()
  }
  return () => {
    isDue = true
    if (!timer) tick()
  }
}`

const REPLACED = [...UNREACHED, ['lodash/throttle.js', THROTTLE]] as const

function slimUppy(): Plugin {
  return {
    name: 'slim-uppy',
    load: (id) => REPLACED.find(([path]) => id.endsWith(path))?.[1],
  }
}

/**
 * `vite build` makes one file for each entry of package.json, which leaves the dependencies to the
 * application's bundler. `vite build --mode cdn` makes the one file with everything inside, and a folder
 * beside it with what is loaded later. With either are the workers, each complete in itself: a bundler may
 * copy it or bundle it again. The translations are files of their own in both.
 */
export default defineConfig(({ mode }) =>
  mode === 'cdn'
    ? {
        plugins: [
          workers(FOLDER, true),
          licenses(`${FOLDER}licenses.txt`, workerModules),
          slimTemplates(),
          slimUppy(),
          handOver('bucket-upload.js', FOLDER),
          compress(),
        ],
        define: {
          'process.env.NODE_ENV': '"production"',
          LIBRARY_FOLDER: JSON.stringify(FOLDER),
        },
        build: {
          target: 'es2022',
          outDir: 'dist/cdn',
          sourcemap: true,
          lib: {
            formats: ['es'],
            entry: {
              'bucket-upload': 'src/cdn.ts',
              ...locales(FOLDER),
            },
          },
          rolldownOptions: {
            // What the files that are loaded later share with the first one stays in that one.
            preserveEntrySignatures: 'allow-extension',
            treeshake: { propertyReadSideEffects: false },
            output: { ...SMALL, chunkFileNames: `${FOLDER}[name].js` },
          },
        },
      }
    : {
        plugins: [
          workers('shared/', false),
          licenses('licenses.txt', workerModules),
          slimTemplates(),
        ],
        build: {
          target: 'es2022',
          sourcemap: true,
          minify: false,
          lib: {
            formats: ['es'],
            entry: {
              index: 'src/index.ts',
              define: 'src/define.ts',
              recorder: 'src/recorder.ts',
              engine: 'src/engine/index.ts',
              react: 'src/frameworks/react/index.ts',
              vue: 'src/frameworks/vue/index.ts',
              svelte: 'src/frameworks/svelte.ts',
              solid: 'src/frameworks/solid.ts',
              protocol: 'src/protocol/index.ts',
              server: 'src/server/index.ts',
              'server-node': 'src/server/http/node.ts',
              'server-durable-objects': 'src/server/counters/durable-objects.ts',
              'server-postgres': 'src/server/counters/postgres.ts',
              'server-redis': 'src/server/counters/redis.ts',
              cli: 'src/cli/main.ts',
              'locales/index': 'src/locales/index.ts',
              ...locales(''),
            },
          },
          rolldownOptions: {
            external: isExternal,
            output: { chunkFileNames: 'shared/[name].js' },
            // 'use client' stays where it has to be: a test looks.
            onLog: (level, log, handle) => {
              if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log)
            },
          },
        },
      },
)
