/** The code blocks of the documents. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** A code block, or a script of one. */
export interface Snippet {
  /** As the document names it; empty where it names none. */
  language: string
  code: string
  /** For the reader of a failure. */
  where: string
}

/** The documents with code in them, relative to the root. */
export const documents = globSync(['*.md', 'docs/**/*.md', 'examples/**/*.md', 'python/*.md'], {
  cwd: root,
  exclude: ['**/node_modules/**', 'docs/api/**', 'docs/files/**', 'docs/.vitepress/**'],
}).map((path) => path.replaceAll('\\', '/'))

/** The code blocks of a document, in their order. */
export function snippetsOf(path: string): Snippet[] {
  const text = readFileSync(join(root, path), 'utf8')
  return [...text.matchAll(/^ *(`{3,})(\S*).*\n([\s\S]*?)^ *\1$/gm)].map(
    ([, , language = '', code = ''], index) => ({
      language,
      code,
      where: `${path}, block ${index + 1}`,
    }),
  )
}

/** All code blocks of these languages. */
export function snippetsIn(...languages: string[]): Snippet[] {
  return all.filter(({ language }) => languages.includes(language))
}

/** All code blocks, and the scripts inside those of HTML. */
export const all = documents.flatMap(snippetsOf).flatMap((snippet) => {
  if (snippet.language !== 'html') return [snippet]
  const scripts = [...snippet.code.matchAll(/<script(?: type="module")?>([\s\S]*?)<\/script>/g)]
  return [
    snippet,
    ...scripts.map(([, code = '']) => ({
      language: 'js',
      code,
      where: `${snippet.where}, its script`,
    })),
  ]
})

/**
 * The first code block of a language below a heading.
 *
 * @throws {Error} when there is none
 */
export function snippetBelow(path: string, heading: string, language: string): string {
  return snippetsBelow(path, heading, language)[0] ?? ''
}

/** All of them. */
export function snippetsBelow(path: string, heading: string, language: string): string[] {
  const text = readFileSync(join(root, path), 'utf8')
  const parts = [...text.matchAll(/^#{1,3} .+$|^(`{3,})(\S*).*\n([\s\S]*?)^\1$/gm)]
  const start = parts.findIndex(([part]) => part === heading) + 1
  const rest = parts.slice(start)
  const end = rest.findIndex(([, fence]) => fence === undefined)
  const found = rest
    .slice(0, end < 0 ? rest.length : end)
    .flatMap(([, , name, code = '']) => (name === language ? [code] : []))
  if (start === 0 || found.length === 0) {
    throw new Error(`${path} has no ${language} below "${heading}".`)
  }
  return found
}
