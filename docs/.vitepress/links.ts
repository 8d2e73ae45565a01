import { existsSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import type { MarkdownRenderer } from 'vitepress'

/** Made of a file outside of the documents. */
const MADE: Record<string, string> = { '../README.md': 'overview.md' }

/**
 * The documents are written to be read in the repository. Here a link to the README leads to the page
 * that is made of it, and one to a file that is not on the site is its text alone.
 */
export function linksOfSite(markdown: MarkdownRenderer, docs: string): void {
  markdown.core.ruler.before('linkify', 'links-of-site', ({ tokens, env }) => {
    const here = dirname(`${docs}${(env as { relativePath: string }).relativePath}`)
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
        const target = relative(docs, resolve(here, path))
        const made = MADE[target] ?? target
        const isHere = made.endsWith('.md') && !/^\.\.|README/.test(made)
        if (isHere && existsSync(`${docs}${made}`)) {
          token.attrSet('href', `/${made}${hash === undefined ? '' : `#${hash}`}`)
        } else {
          drop()
          isDropped = true
        }
      }
    }
  })
}
