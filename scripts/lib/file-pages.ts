import {
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { FILES, filePage, repositoryOf } from '../../docs/.vitepress/links.ts'

/** Languages of code blocks, where they are not named as the end of the file. */
const LANGUAGES: Record<string, string> = {
  mjs: 'js',
  py: 'python',
  mod: 'txt',
  sample: 'ini',
  typed: 'txt',
}

/** Not shown in a list of files. */
const HIDDEN = /^(?:node_modules|dist|package-lock\.json|\..*)$/

/**
 * Writes a page for each file outside of the documents to which they link, so that these links lead
 * somewhere before the repository has an address. With an address they lead there, and there is no page.
 */
export function writeFilePages(root: string): void {
  const target = join(root, 'docs', FILES)
  rmSync(target, { recursive: true, force: true })
  if (repositoryOf(root)) return
  const documents = globSync('docs/**/*.md', { cwd: root, exclude: ['docs/api/**'] })
  const waiting = documents.flatMap((path) => outside(root, path, textOf(root, path)))
  const written = new Set<string>()
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (written.has(path)) continue
    written.add(path)
    const page = join(root, 'docs', filePage(path))
    mkdirSync(dirname(page), { recursive: true })
    const text = pageText(root, path)
    writeFileSync(page, `---\nsearch: false\naside: false\neditLink: false\n---\n\n${text}`)
    // The links of a text, or of a list of files; those of a folder are relative to what is above it.
    if (isText(root, path)) waiting.push(...outside(root, path, text))
  }
}

/** The files and folders that a text links to, and that are no documents, as paths from the root. */
function outside(root: string, path: string, text: string): string[] {
  return [...text.matchAll(/\]\((?!\w+:|#|\/)([^)\s#]+)/g)]
    .map(([, link = '']) => relative(root, join(root, dirname(path), decodeURI(link))))
    .filter((it) => !/^docs\/.+\.md$/.test(it) && it !== '' && existsSync(join(root, it)))
    .map((it) => it.replace(/\/$/, ''))
}

function pageText(root: string, path: string): string {
  const full = join(root, path)
  if (statSync(full).isDirectory()) {
    const names = readdirSync(full).filter((name) => !HIDDEN.test(name))
    const list = names.map((name) => `- [\`${name}\`](${path.split('/').at(-1)}/${name})`)
    return `# \`${path}\`\n\n${list.join('\n')}\n`
  }
  const text = textOf(root, path)
  if (path.endsWith('.md')) return text
  const end = path.split('.').at(-1) ?? ''
  return `# \`${path}\`\n\n\`\`\`\`${LANGUAGES[end] ?? end}\n${text.trimEnd()}\n\`\`\`\`\n`
}

const isText = (root: string, path: string) =>
  path.endsWith('.md') || statSync(join(root, path)).isDirectory()

const textOf = (root: string, path: string) => readFileSync(join(root, path), 'utf8')
