/** The package as it is published: what is in it, and how applications can use it. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { build, type Rollup } from 'vite'
import { type Application, application } from '../support/examples/packed.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const bin = (name: string) => join(root, 'node_modules/.bin', name)

let app: Application
before(() => {
  app = application()
})
after(() => app?.remove())

function runHere(program: string, args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: app.folder, encoding: 'utf8' })
  return { status, output: `${stdout}${stderr}` }
}

test('publint finds nothing', () => {
  const { status, output } = runHere(bin('publint'), ['--strict', app.tarball])
  assert.equal(status, 0, output)
  assert.match(output, /All good!/)
})

test('the types are right for all that resolve modules as ESM', () => {
  const args = [app.tarball, '--profile', 'esm-only', '--exclude-entrypoints', 'placeholder.css']
  const { status, output } = runHere(bin('attw'), args)
  assert.equal(status, 0, output)
})

test('it has what is built and nothing else, with source maps that have the sources', () => {
  const files = globSync('**/*', { cwd: app.library }).filter((file) => /\.\w+$/.test(file))
  const outside = files.filter((file) => !/^(?:dist|schema|examples\/signers)\//.test(file))
  const others = ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']
  assert.deepEqual(
    outside.filter((it) => !others.includes(it)),
    [],
  )
  const scripts = files.filter((file) => /^dist\/.*\.js$/.test(file))
  assert.ok(scripts.length > 50, `${scripts.length} scripts`)
  for (const file of scripts) {
    const [, map] =
      /\/\/# sourceMappingURL=(\S+)\s*$/.exec(readFileSync(join(app.library, file), 'utf8')) ?? []
    // A module that only hands on others has nothing to map.
    if (map === undefined) continue
    const { sources, sourcesContent } = JSON.parse(
      readFileSync(join(app.library, dirname(file), map), 'utf8'),
    )
    assert.equal(sourcesContent?.length, sources.length, file)
  }
})

test('no path leads past the exports', () => {
  for (const path of ['dist/index.js', 'dist/shared/engine.js', 'src/index.ts', 'define.js']) {
    const code = `import('bucket-upload/${path}').then(() => process.exit(0), (e) => { console.log(e.code); process.exit(1) })`
    const { output } = runHere(process.execPath, ['--input-type=module', '-e', code])
    assert.match(output, /ERR_PACKAGE_PATH_NOT_EXPORTED/, path)
  }
})

test('every path that documents and examples import is there', () => {
  const documents = globSync(
    ['README.md', 'docs/**/*.md', 'examples/**/*.{md,ts,tsx,js,vue,svelte,html}'],
    {
      cwd: root,
      exclude: ['**/node_modules/**', '**/dist/**', 'docs/api/**', 'docs/files/**'],
    },
  )
  const paths = documents.flatMap((file) =>
    [
      ...readFileSync(join(root, file), 'utf8').matchAll(
        /(?:from|import)\s*\(?\s*['"](bucket-upload(?:\/[\w./-]+)?)['"]/g,
      ),
    ].map(([, path]) => path ?? ''),
  )
  const unique = [...new Set(paths)].sort()
  assert.ok(unique.length >= 7, unique.join(', '))
  const code = unique.map((path) => `console.log(import.meta.resolve('${path}'))`).join('\n')
  const { status, output } = runHere(process.execPath, ['--input-type=module', '-e', code])
  assert.equal(status, 0, output)
  for (const url of output.trim().split('\n')) assert.ok(existsSync(fileURLToPath(url)), url)
})

test('every entry can be imported in Node.js, and touches no DOM', () => {
  const { exports } = JSON.parse(readFileSync(join(app.library, 'package.json'), 'utf8'))
  const entries = Object.keys(exports).filter((it) => !/json$|css$|cdn$|\*/.test(it))
  for (const path of ['./react', './vue', './svelte', './solid']) assert.ok(entries.includes(path))
  const code = entries.map((it) => `await import('${it.replace('.', 'bucket-upload')}')`).join('\n')
  const { status, output } = runHere(process.execPath, ['--input-type=module', '-e', code])
  assert.deepEqual([status, output], [0, ''])
})

/** What a bundler makes of an application with this code. */
async function bundled(code: string): Promise<string> {
  const entry = app.write('entry.js', code)
  const result = await build({
    configFile: false,
    root: app.folder,
    logLevel: 'silent',
    build: { write: false, minify: false, rolldownOptions: { input: entry } },
  })
  const { output } = [result].flat()[0] as Rollup.RollupOutput
  return output.map((it) => (it.type === 'chunk' && it.isEntry ? it.code : '')).join('\n')
}

test('bundlers keep the registration, and leave out what is not used', async () => {
  for (const entry of ['define', 'recorder', 'svelte', 'solid']) {
    assert.match(
      await bundled(`import 'bucket-upload/${entry}'`),
      /customElements\?*\.define/,
      entry,
    )
  }
  for (const entry of ['react', 'vue']) {
    const code = `import { BucketUpload } from 'bucket-upload/${entry}'; console.log(BucketUpload)`
    assert.match(await bundled(code), /customElements\?*\.define/, entry)
  }
  const engine = await bundled(
    `import { UploadEngine } from 'bucket-upload'; console.log(new UploadEngine())`,
  )
  assert.doesNotMatch(engine, /customElements|LitElement|drop-zone/)
  assert.equal((await bundled(`import 'bucket-upload'`)).trim(), '')
})

test('react.js is for the client, from its first line', () => {
  const code = readFileSync(join(app.library, 'dist/react.js'), 'utf8')
  assert.match(code, /^(['"])use client\1;?\n/)
})

for (const resolution of ['bundler', 'nodenext'] as const) {
  test(`the types say what applications need, with moduleResolution ${resolution}`, () => {
    const types = join(root, 'test/types')
    for (const file of globSync('*.{ts,tsx}', { cwd: types }))
      app.write(file, readFileSync(join(types, file), 'utf8'))
    const compilerOptions = {
      ...{ noEmit: true, strict: true, target: 'es2022', jsx: 'react-jsx', types: [] },
      ...{
        lib: ['esnext', 'dom', 'dom.iterable'],
        module: resolution === 'bundler' ? 'esnext' : resolution,
      },
      moduleResolution: resolution,
    }
    app.write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['*.ts', '*.tsx'] }))
    const { status, output } = runHere(bin('tsc'), ['--project', '.'])
    assert.equal(status, 0, output)
  })
}
