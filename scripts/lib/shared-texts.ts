import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where texts are that several documents have in full, one file for each. */
const FOLDER = 'docs/.vitepress/shared'

/** `<!-- shared: cors port=8080 -->`, the text, and `<!-- /shared -->`. */
const SHARED = /^(<!-- shared: ([\w-]+)(.*) -->\n)[\s\S]*?^(?=<!-- \/shared -->$)/gm

/** The documents that have such texts, as paths from the root. */
export function documentsThatShare(root: string): string[] {
  return globSync('docs/**/*.md', { cwd: root, exclude: ['docs/api/**', 'docs/files/**'] }).filter(
    (path) => readFileSync(join(root, path), 'utf8').search(SHARED) >= 0,
  )
}

/**
 * A document with its shared texts as they stand in their files.
 *
 * @throws {Error} for a text that is not there, or that wants a value that the document does not give
 */
export function withSharedTexts(root: string, document: string): string {
  return document.replace(SHARED, (_, start: string, name: string, given: string) => {
    const values = new Map(
      [...given.matchAll(/(\w+)=(\S+)/g)].map(([, key, value]) => [key, value]),
    )
    const text = readFileSync(join(root, FOLDER, `${name}.md`), 'utf8').trim()
    const filled = text.replace(/(?<!\$)\{(\w+)\}/g, (_, key: string) => {
      const value = values.get(key)
      if (value === undefined) throw new Error(`${name}.md wants ${key}=…`)
      return value
    })
    return `${start}\n${filled}\n\n`
  })
}
