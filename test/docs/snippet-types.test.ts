/** Every script of the documents fits the types of the library, and of what else it uses. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { type Snippet, snippetBelow, snippetsIn } from '../support/docs/snippets.ts'
import { type Application, application } from '../support/examples/packed.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Scripts that others import: the page in `docs/migrate`, its heading, and the name of the file. */
const COPIED = [
  ['uppy-dashboard', '## Keep Uppy', 'signed-by'],
  ['filepond', '## Keep FilePond', 'process-by'],
] as const

/** What the parser says. */
function syntaxErrors({ language, code }: Pick<Snippet, 'language' | 'code'>): string[] {
  const { diagnostics = [] } = ts.transpileModule(code, {
    reportDiagnostics: true,
    fileName: `snippet.${language === 'tsx' ? 'tsx' : 'ts'}`,
    compilerOptions: { target: ts.ScriptTarget.ESNext, jsx: ts.JsxEmit.Preserve },
  })
  return diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))
}

/** A script as the compiler takes it: what is only a part of a signer's options gets the rest of them. */
function wholeScript({ language, code }: Snippet): string {
  if (syntaxErrors({ language, code }).length === 0) return code
  const authorize = /^authorize:/m.test(code) ? '' : "authorize: 'everybody',"
  return `createSigner({ bucket, ${authorize} ${code} })`
}

/** Names of the library that a snippet uses and does not import, since another one above it does. */
function missingImports(code: string): string {
  const names = ['createSigner', 's3', 'storj', 'ibmCos', 'presign'].filter(
    (name) => new RegExp(`(?<![.\\w])${name}\\(`).test(code) && !isDeclared(name, code),
  )
  const ofServer =
    names.length > 0 ? `import { ${names.join(', ')} } from 'bucket-upload/server'\n` : ''
  const isReact = /<BucketUpload\b/.test(code) && !isDeclared('BucketUpload', code)
  return ofServer + (isReact ? "import { BucketUpload } from 'bucket-upload/react'\n" : '')
}

/** Whether an import or a function of the code has the name. */
function isDeclared(name: string, code: string): boolean {
  return new RegExp(`import [^;]*?\\b${name}\\b[^;]*? from|function ${name}\\b`).test(code)
}

describe('scripts of the documents', () => {
  let app: Application
  before(() => {
    app = application()
  })
  after(() => app?.remove())

  test('all are well written', () => {
    const wrong = snippetsIn('js', 'ts', 'tsx').flatMap((snippet) =>
      syntaxErrors({ ...snippet, code: wholeScript(snippet) }).map(
        (error) => `${snippet.where}: ${error}`,
      ),
    )
    assert.deepEqual(wrong, [])
  })

  // A script of JavaScript has no types, so that some of them cannot be known.
  for (const [strict, ...languages] of [
    [true, 'ts', 'tsx'],
    [false, 'js'],
  ] as const) {
    test(`scripts fit the types of what they use: ${languages.join(', ')}`, () => {
      const scripts = snippetsIn(...languages)
        // These are compiled by their own compilers, when their quick starts are followed.
        .filter(({ code }) => !/from '(?:solid-js|@angular\/core|\$env\/.+)'/.test(code))
      const folder = languages.join('-')
      mkdirSync(join(app.folder, folder), { recursive: true })
      const names = new Map<string, string>()
      for (const [index, snippet] of scripts.entries()) {
        // Settings of the reader are set, and their files are there.
        const code = wholeScript(snippet)
          .replaceAll('process.env', '(process.env as Record<string, string>)')
          .replace(/^import \{ Upload \} from '\.\/upload'$/m, 'declare function Upload(): null')
          .replace(/^import \{ signer \} from '\.\/signer(?:\.js)?'$/m, '')
        const name = `snippet-${index}.${snippet.language === 'tsx' ? 'tsx' : 'ts'}`
        names.set(name, snippet.where)
        app.write(`${folder}/${name}`, `${missingImports(code)}${code}\nexport {}\n`)
      }
      const declarations = join(root, 'test/types/documents')
      // What a router makes, and the translation that one of them loads.
      app.write(`${folder}/routeTree.gen.ts`, 'export const routeTree = {}\n')
      app.write(`${folder}/cy.ts`, "export { default } from 'bucket-upload/locales/de'\n")
      // What the reader has copied from the block before.
      for (const [page, heading, name] of COPIED) {
        app.write(`${folder}/${name}.js`, snippetBelow(`docs/migrate/${page}.md`, heading, 'js'))
      }
      for (const file of globSync('*.d.ts', { cwd: declarations })) {
        app.write(`${folder}/${file}`, readFileSync(join(declarations, file), 'utf8'))
      }
      const compilerOptions = {
        ...{ noEmit: true, strict, target: 'esnext', module: 'esnext', types: ['node'] },
        ...{ moduleResolution: 'bundler', jsx: 'react-jsx', skipLibCheck: true },
        ...{ experimentalDecorators: true, noImplicitAny: strict },
      }
      const config = { compilerOptions, include: ['*.ts', '*.tsx'] }
      app.write(`${folder}/tsconfig.json`, JSON.stringify(config))
      const tsc = join(root, 'node_modules/.bin/tsc')
      const { status, stdout } = spawnSync(tsc, ['--project', folder, '--pretty', 'false'], {
        cwd: app.folder,
        encoding: 'utf8',
      })
      const said = stdout.replace(
        /^\S*?(snippet-\d+\.tsx?)/gm,
        (_, name) => `${names.get(name)} (${name})`,
      )
      assert.ok(scripts.length > 20, `${scripts.length} scripts`)
      assert.equal(status, 0, said)
    })
  }
})
