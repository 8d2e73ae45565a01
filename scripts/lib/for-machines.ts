import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What comes first, with its title in the list. All other documents follow by name. */
const GROUPS: Record<string, RegExp> = {
  Start: /^(?:introduction|install|compare|start\/.+)\.md$/,
  'The page':
    /^(?:bucket-upload|adding-files|streams|recorder|forms|events|links|after-a-reload|not-lost|theming|languages|compose|headless|uppy-plugins|testing)\.md$/,
  'The server':
    /^(?:signer|authentication|after-upload|deploy|python|other-languages|command-line)\.md$/,
  Buckets: /^(?:providers\/.+|lifecycle)\.md$/,
  Reference: /^(?:signer-protocol|errors|defaults|limits|stability)\.md$/,
  Trust: /^(?:security|review|csp|privacy|accessibility|reliability|performance|sizes)\.md$/,
  Help: /^(?:troubleshooting|faq|migrate\/.+)\.md$/,
  API: /^api\/.+\.md$/,
  More: /^(?!decisions\/|for-providers\/|index\.md|playground\.md|api\/|files\/|\.)/,
}

/** A document for programs that read. */
interface Entry {
  path: string
  title: string
  about: string
  text: string
}

/**
 * Writes `llms.txt`, a list of all documents, and `llms-full.txt`, their texts, as files of the site.
 *
 * @see https://llmstxt.org
 */
export function writeForMachines(root: string): void {
  const target = join(root, 'docs/public')
  mkdirSync(target, { recursive: true })
  const { list, full } = textsForMachines(root)
  writeFileSync(join(target, 'llms.txt'), list)
  writeFileSync(join(target, 'llms-full.txt'), full)
}

/** The two texts. */
export function textsForMachines(root: string): { list: string; full: string } {
  const paths = globSync('**/*.md', { cwd: join(root, 'docs') }).map((it) =>
    it.replaceAll('\\', '/'),
  )
  const waiting = new Set(paths.sort())
  const groups = Object.entries(GROUPS).map(([title, pattern]) => {
    const found = [...waiting].filter((path) => pattern.test(path))
    for (const path of found) waiting.delete(path)
    return { title, entries: found.map((path) => entryOf(root, path)) }
  })
  const { description } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const head = `# bucket-upload\n\n> ${description}\n`
  const list = groups.map(({ title, entries }) => {
    const lines = entries.map(
      ({ path, title, about }) => `- [${title}](/${path.replace(/\.md$/, '.html')}): ${about}`,
    )
    return `## ${title}\n\n${lines.join('\n')}\n`
  })
  const texts = groups.flatMap(({ entries }) => entries.map(({ text }) => text))
  return { list: `${head}\n${list.join('\n')}`, full: `${head}\n${texts.join('\n\n---\n\n')}\n` }
}

function entryOf(root: string, path: string): Entry {
  const text = readFileSync(join(root, 'docs', path), 'utf8')
    .replace(/^---\n[\s\S]*?\n---\n/, '')
    .replace(/^<ClientOnly>.*<\/ClientOnly>\n/gm, '')
    .replace(/^<!-- \/?shared\b.* -->\n\n?/gm, '')
    .trim()
  const title = (/^# (.+)$/m.exec(text)?.[1] ?? path).replaceAll('`', '')
  return { path, title, about: firstSentence(text), text }
}

/** The first sentence of the first paragraph, without its links. */
function firstSentence(text: string): string {
  const prose = text.replace(/^(`{3,}).*\n[\s\S]*?^\1$/gm, '').replace(/^[#|<>-].*$/gm, '')
  const paragraph = prose.split(/\n{2,}/).find((it) => /^\s*[\p{L}`*[]/u.test(it)) ?? ''
  const plain = paragraph
    .trim()
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\s+/g, ' ')
  return (/^.+?[.:?](?=\s|$)/.exec(plain)?.[0] ?? plain).replace(/:$/, '.')
}
