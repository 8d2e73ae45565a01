/** Every link of a document leads to a file, and to a heading that is there. */
import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const documents = globSync(['*.md', 'docs/**/*.md', 'examples/**/*.md', 'python/*.md'], {
  cwd: root,
  exclude: ['**/node_modules/**', 'docs/api/**', 'docs/files/**', 'docs/.vitepress/**'],
})

/** The names of headings in links, as GitHub makes them; the site makes the same of those that are linked. */
function anchors(text: string): Set<string> {
  const prose = text.replace(/^(`{3,}).*\n[\s\S]*?^\1$/gm, '')
  const titles = [...prose.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => title)
  const ids = [...prose.matchAll(/<a id="(.+?)">/g)].map(([, id = '']) => id)
  return new Set(
    titles
      .map((title) =>
        title
          .toLowerCase()
          .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
          .replace(/[^\p{L}\p{N}\s_-]/gu, '')
          .replaceAll(' ', '-'),
      )
      .concat(ids),
  )
}

test('there are links', () => assert.ok(documents.length > 80, `${documents.length}`))

for (const document of documents) {
  test(document, () => {
    const text = readFileSync(join(root, document), 'utf8')
    const wrong = [...text.matchAll(/\]\((?!\w+:|\/)([^)\s]+)\)/g)]
      .map(([, link = '']) => link)
      .filter((link) => {
        const [path = '', hash] = link.split('#')
        const target = path === '' ? join(root, document) : join(root, dirname(document), path)
        if (!existsSync(target)) return true
        if (hash === undefined || statSync(target).isDirectory()) return false
        return !anchors(readFileSync(target, 'utf8')).has(hash)
      })
    assert.deepEqual(wrong, [])
  })
}
