/** Every snippet of the documents compiles, and names what there is. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { type ElementDeclaration, elementsManifest } from '../../scripts/lib/manifest.ts'
import { COMMANDS } from '../../src/cli/commands/index.ts'
import { type Application, application } from '../support/examples/packed.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const documents = globSync(['README.md', 'CONTRIBUTING.md', 'docs/**/*.md', 'examples/**/*.md'], {
  cwd: root,
  exclude: ['**/node_modules/**', 'docs/api/**', 'docs/files/**'],
})

interface Snippet {
  language: string
  code: string
  /** For the reader of a failure. */
  where: string
}

const snippets = documents.flatMap((path): Snippet[] =>
  [...readFileSync(join(root, path), 'utf8').matchAll(/^ *```(\w+).*\n([\s\S]*?)^ *```$/gm)].map(
    ([, language = '', code = ''], index) => ({
      language,
      code,
      where: `${path}, block ${index + 1}`,
    }),
  ),
)
const of = (...languages: string[]) =>
  snippets.filter(({ language }) => languages.includes(language))
const elements = elementsManifest().modules.flatMap(
  ({ declarations = [] }) => declarations as ElementDeclaration[],
)

/** What the parser says. A part of an object is one, too. */
function syntaxErrors({ language, code }: Snippet): string[] {
  const errorsOf = (text: string) => {
    const { diagnostics = [] } = ts.transpileModule(text, {
      reportDiagnostics: true,
      fileName: `snippet.${language === 'tsx' ? 'tsx' : 'ts'}`,
      compilerOptions: { target: ts.ScriptTarget.ESNext, jsx: ts.JsxEmit.Preserve },
    })
    return diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))
  }
  const errors = errorsOf(code)
  return errors.length > 0 && errorsOf(`({ ${code} })`).length === 0 ? [] : errors
}

describe('snippets of the documents', () => {
  let app: Application
  before(() => {
    app = application()
  })
  after(() => app?.remove())

  test('there are some of each kind', () => {
    for (const language of ['js', 'ts', 'tsx', 'html', 'sh', 'json']) {
      assert.ok(of(language).length > 0, language)
    }
  })

  test('scripts are well written', () => {
    const wrong = of('js', 'ts', 'tsx').flatMap((snippet) =>
      syntaxErrors(snippet).map((error) => `${snippet.where}: ${error}`),
    )
    assert.deepEqual(wrong, [])
  })

  test('scripts that import the library fit its types', () => {
    const whole = of('js', 'ts', 'tsx')
      .filter(({ code }) => /from 'bucket-upload/.test(code))
      // These are compiled by their own compilers, when their quick starts are followed.
      .filter(({ code }) => !/from '(?:solid-js|@angular\/core|\$env\/.+)'/.test(code))
    assert.ok(whole.length > 10, `${whole.length} scripts`)
    const names = new Map<string, string>()
    for (const [index, { code, language, where }] of whole.entries()) {
      // What a server of the reader's own has: settings that are set, and frameworks' own words.
      const text = code
        .replaceAll('process.env', '(process.env as Record<string, string>)')
        .replace(/^import \{ Upload \} from '\.\/upload'$/m, 'declare function Upload(): null')
      const name = `snippet-${index}.${language === 'tsx' ? 'tsx' : 'ts'}`
      names.set(name, where)
      app.write(name, `${text}\nexport {}\n`)
    }
    app.write(
      'readers-own.d.ts',
      `declare const userOf: (cookie: string | null) => Promise<{ id: string } | undefined>
declare const upload: import('bucket-upload').BucketUpload
declare function defineEventHandler<T>(handler: (event: unknown) => T): T
declare function toWebRequest(event: unknown): Request
declare const database: any, log: any, files: any, quota: any, logger: any
declare const bucket: any, authorize: any, key: string, app: any, zone: any
declare const requireLogin: any, isUnwanted: any, callerOf: any
declare module '*.css'
declare module '@uppy/*'
declare module '@clerk/backend'
declare module '@upstash/*'
declare module '@/auth'
declare module 'jose'
declare module 'react-dropzone'
`,
    )
    const compilerOptions = {
      ...{ noEmit: true, strict: false, target: 'esnext', module: 'esnext', types: ['node'] },
      ...{ moduleResolution: 'bundler', jsx: 'react-jsx', skipLibCheck: true },
      ...{ experimentalDecorators: true, noImplicitAny: false },
    }
    app.write('signer.ts', `declare const signer: any\nexport { signer }\n`)
    app.write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['*.ts', '*.tsx'] }))
    const tsc = join(root, 'node_modules/.bin/tsc')
    const { status, stdout } = spawnSync(tsc, ['--project', '.'], {
      cwd: app.folder,
      encoding: 'utf8',
    })
    const said = stdout.replace(/^snippet-\d+\.tsx?/gm, (name) => `${names.get(name)} (${name})`)
    assert.equal(status, 0, said)
  })

  test('JSON is JSON', () => {
    for (const { code, where } of of('json')) assert.doesNotThrow(() => JSON.parse(code), where)
  })

  test('tags have the attributes that the elements have', () => {
    const everywhere = ['id', 'class', 'slot', 'style', 'lang', 'dir', 'hidden']
    for (const { code, where } of of('html', 'vue', 'svelte', 'tsx', 'js', 'ts')) {
      for (const [, tag = '', attributes = ''] of code.matchAll(
        /<(bucket-upload[\w-]*)((?:\s[^<>]*?)?)\/?>/g,
      )) {
        const element = elements.find(({ tagName }) => tagName === tag)
        assert.ok(element, `${where}: <${tag}>`)
        const known = [...(element.attributes ?? []), ...(element.members ?? [])].map(
          ({ name }) => name,
        )
        const plain = attributes.replace(/=(?:"[^"]*"|\{(?:[^{}]|\{[^{}]*\})*\})/g, '')
        for (const name of plain.match(/[^\s=]+/g) ?? []) {
          // A function, of which the tag's own end was found too early.
          if (name.includes('{') || name.includes('}') || name.includes('detail')) continue
          if (/^(?:on|[@.:?(]|prop:|data-|aria-|v-)/.test(name) || everywhere.includes(name))
            continue
          assert.ok(known.includes(name), `${where}: ${name} of <${tag}>`)
        }
      }
    }
  })

  test('commands and their options are those of the command line', () => {
    const lines = of('sh').flatMap(({ code, where }) =>
      code.split('\n').map((line) => ({ line: line.trim(), where })),
    )
    const ours = lines.flatMap(({ line, where }) => {
      const [, rest] = /^(?:npx )?bucket-upload ([a-z][^|>#]*)/.exec(line) ?? []
      return rest === undefined ? [] : [{ words: rest.trim().split(/\s+/), where }]
    })
    assert.ok(ours.length > 30, `${ours.length} commands`)
    for (const { words, where } of ours) {
      const [name = '', ...others] = words
      if (name === 'help') continue
      const command = COMMANDS.find((it) => it.name === name)
      assert.ok(command, `${where}: ${name}`)
      for (const word of others.filter((it) => it.startsWith('--'))) {
        const option = word.slice(2).split('=')[0] ?? ''
        const known = option in command.options || ['json', 'help'].includes(option)
        assert.ok(known, `${where}: ${name} ${word}`)
      }
    }
  })
})
