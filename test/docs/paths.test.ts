/** Every path that a document names is there. */
import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const documents = globSync(
  ['*.md', 'docs/**/*.md', 'examples/**/*.md', 'python/*.md', '.github/**/*.md'],
  {
    cwd: root,
    exclude: ['**/node_modules/**', 'docs/api/**', 'docs/files/**', 'docs/.vitepress/**'],
  },
)

/** What begins with a folder of the project: `src/server/sign/sigv4.ts`, `test/{cli,docs}`, `examples/`. */
const PATH =
  /(?<![\w./@-])(?:\.ci|\.github|\.storybook|bench|demo|docs|examples|schema|scripts|src|stories|test)\/[\w.{},*/-]*/g

/** Of an application that a document is about, of other servers, or made by a command. */
const ELSEWHERE =
  /^(src\/(main|App|app|upload|pages|routes|router|components)\b|docs\/(api|public)|test\/?$|examples?\/?$)/

/** The paths in code, inline or in a shell's block. */
function named(text: string): string[] {
  const code = [
    ...[...text.matchAll(/`([^`\n]+)`/g)].map(([, inline = '']) => inline),
    ...[...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block),
  ]
  const paths = code.flatMap((each) => each.match(PATH) ?? [])
  return paths.map((path) => path.replace(/[.,]+$/, '')).filter((path) => !ELSEWHERE.test(path))
}

/** The files and folders that links lead to, relative to the document. */
function linked(text: string): string[] {
  return [...text.matchAll(/\]\((?!\w+:|#|\/)([^)\s#]+)/g)].map(([, path = '']) => path)
}

for (const document of documents) {
  test(`${document} names only what is there`, () => {
    const text = readFileSync(join(root, document), 'utf8')
    const missing = [
      ...named(text).filter((path) => globSync(path, { cwd: root }).length === 0),
      ...linked(text).filter((path) => !existsSync(join(root, dirname(document), path))),
    ]
    assert.deepEqual(missing, [])
  })
}
