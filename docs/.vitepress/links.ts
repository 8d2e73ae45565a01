import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import type { MarkdownRenderer } from 'vitepress'

/** Where the pages are that show files from outside of the documents, see `scripts/lib/file-pages.ts`. */
export const FILES = 'files/'

/**
 * The documents are written to be read in the repository. On the site, a link to a file that is not a
 * document leads to the repository if `package.json` names one, and to a page with the file if not.
 */
export function linksOfSite(markdown: MarkdownRenderer, docs: string): void {
  const root = resolve(docs, '..')
  markdown.core.ruler.before('linkify', 'links-of-site', ({ tokens, env }) => {
    const here = dirname(sourceOf((env as { relativePath?: string }).relativePath, docs))
    for (const { children } of tokens) {
      let isDropped = false
      for (const token of children ?? []) {
        const drop = () => Object.assign(token, { type: 'text', tag: '', nesting: 0, content: '' })
        if (token.type === 'link_close' && isDropped) {
          drop()
          isDropped = false
        }
        if (token.type !== 'link_open') continue
        const href = String(token.attrGet('href'))
        if (/^(?:[a-z]+:|#|\/)/.test(href)) continue
        const [path = '', hash] = href.split('#')
        const address = addressOf(relative(root, resolve(here, decodeURI(path))), root)
        if (address === undefined) {
          drop()
          isDropped = true
        } else token.attrSet('href', `${address}${hash === undefined ? '' : `#${hash}`}`)
      }
    }
  })
}

/** The file that a page is made of: a document, or a file that is shown. The search index names none. */
function sourceOf(page = 'index.md', docs = ''): string {
  if (!page.startsWith(FILES)) return `${docs}${page}`
  const path = resolve(docs, '..', page.slice(FILES.length))
  return existsSync(path) ? path : path.replace(/\.md$/, '')
}

/** Where a path of the repository is on the site; `undefined` if it is nowhere. */
function addressOf(path: string, root: string): string | undefined {
  const [, document] = /^docs\/(.+\.md)$/.exec(path) ?? []
  if (document !== undefined && existsSync(`${root}/${path}`)) return `/${document}`
  const repository = repositoryOf(root)
  if (repository && existsSync(`${root}/${path}`)) {
    const kind = statSync(`${root}/${path}`).isDirectory() ? 'tree' : 'blob'
    return `${repository}/${kind}/HEAD/${path}`
  }
  const page = filePage(path)
  return existsSync(`${root}/docs/${page}`) ? `/${page}` : undefined
}

/** The page that shows a file or a folder. */
export function filePage(path: string): string {
  return `${FILES}${path.replace(/\/$|\.md$/, '')}.md`
}

/** The address of the repository, as a browser opens it. One place has it: `package.json`. */
export function repositoryOf(root: string): string | undefined {
  const { repository } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'))
  const url: string | undefined = typeof repository === 'string' ? repository : repository?.url
  return url?.replace(/^git\+/, '').replace(/\.git$/, '')
}
