/**
 * `node scripts/prose.ts`: lists the documents by how long their sentences are, and those that begin
 * without an example. `-- --sentences` lists the longest sentences as well.
 */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** From this many words on a sentence is long. */
const LONG = 28

/** The widget itself is their example, or another site says how they begin. */
const LIVE = ['docs/index.md', 'docs/playground.md', 'docs/for-providers/ibm-cos.md']

/** Code, or a picture, within this many lines is an example at the beginning. */
const BEGINNING = 14

/** What is about a page, and not in it. */
const FRONT_MATTER = /^---\n[\s\S]*?\n---\n+/

const root = fileURLToPath(new URL('..', import.meta.url))
const paths = globSync(['README.md', 'docs/**/*.md'], {
  cwd: root,
  exclude: ['docs/api/**', 'docs/files/**', 'docs/decisions/**', 'docs/.vitepress/**'],
})

const pages = paths.map((path) => {
  const text = readFileSync(join(root, path), 'utf8').replace(FRONT_MATTER, '')
  const sentences = sentencesOf(text)
  const words = sentences.map((it) => it.split(/\s+/).length)
  const sum = words.reduce((all, each) => all + each, 0)
  return {
    path,
    mean: sum / Math.max(1, sentences.length),
    long: sentences.filter((_, index) => (words[index] ?? 0) > LONG),
    hasExample: /^```|<img|^\|/m.test(text.split('\n').slice(0, BEGINNING).join('\n')),
  }
})

pages.sort((a, b) => b.mean - a.mean)
console.log(`words per sentence, sentences over ${LONG} words, page`)
for (const { mean, long, path } of pages) {
  console.log(`${mean.toFixed(1).padStart(5)} ${String(long.length).padStart(4)}  ${path}`)
}
console.log('\nwithout an example at the beginning')
for (const { path, hasExample } of pages) {
  if (!hasExample && !LIVE.includes(path)) console.log(`  ${path}`)
}
if (process.argv.includes('--sentences')) {
  const all = pages.flatMap(({ path, long }) => long.map((sentence) => ({ path, sentence })))
  all.sort((a, b) => b.sentence.split(/\s+/).length - a.sentence.split(/\s+/).length)
  console.log('\nthe longest sentences')
  for (const { path, sentence } of all.slice(0, 40)) console.log(`- ${path}: ${sentence}`)
}

/** What is prose: no code, no tables' lines, no headings. A cell of a table is a sentence of its own. */
function sentencesOf(text: string): string[] {
  return text
    .replace(/^(`{3,}).*\n[\s\S]*?^\1$/gm, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .split('\n')
    .filter((line) => !/^(?:#|<|\|[-: |]+$)/.test(line.trim()))
    .flatMap((line) => line.replace(/^\s*(?:[-*]|\d+\.)\s+/, '').split(/ \| |^\||\|$/))
    .flatMap((line) => line.split(/(?<=[.:;?!])\s+/))
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence.split(/\s+/).length > 2)
}
