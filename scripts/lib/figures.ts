import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LOCALE_CODES } from '../../src/locales/codes.ts'

/** A number that stands in a text, and is measured or counted elsewhere. */
export interface Figure {
  /** The document it stands in. */
  path: string
  /** Finds it: its only group is the number. */
  pattern: RegExp
  /** The number as it has to be. */
  value: string
}

/** What a page loads with the first file, besides what it has loaded before. */
const FIRST_UPLOAD = ['views.js', 'uploader.js', 'hash-worker.js']

/** All figures of the README and of pages for people, from where they are measured. */
export function figures(root: string): Figure[] {
  const read = (path: string) => readFileSync(join(root, path), 'utf8')
  const sizes = read('docs/sizes.md')
  const sizeOf = (name: string) => Number(rowOf(sizes, `\`${name}\``)[1]?.replace(' kB', ''))
  const withPage = sizeOf('bucket-upload.js').toFixed(1)
  const later = FIRST_UPLOAD.reduce((sum, name) => sum + sizeOf(name), 0).toFixed(1)
  const performance = read('docs/performance.md')
  const faster = timesOf(performance, 'wan')
  const languages = String(LOCALE_CODES.length + 1)
  const faults = String(read('docs/reliability.md').match(/^\|.*`test\//gm)?.length)
  const requests = /Two runs of ([\w ]+) requests each/.exec(read('docs/security.md'))?.[1] ?? ''
  return [
    { path: 'README.md', pattern: /Two runs of ([\w, ]+) hostile requests/, value: requests },
    { path: 'README.md', pattern: /arrive ([\d.]+) times as fast/, value: faster },
    { path: 'README.md', pattern: /(\d+) faults, each/, value: faults },
    { path: 'README.md', pattern: /(\d+) languages/, value: languages },
    { path: 'README.md', pattern: /([\d.]+) kB gzipped with the page/, value: withPage },
    { path: 'README.md', pattern: /page, ([\d.]+) kB more/, value: later },
    { path: 'docs/compare.md', pattern: /200 MiB[^|]*\| 1 \| ([\d.]+) \|/, value: faster },
    {
      path: 'docs/compare.md',
      pattern: /300 files[^|]*\| 1 \| ([\d.]+) \|/,
      value: timesOf(performance, 'small'),
    },
  ]
}

/** The documents that name a file or folder of a version: what is to be copied has to be there. */
export const VERSIONED = ['docs/install.md', 'docs/{start/{cdn,html},recipes/*,for-providers/*}.md']

/** The version in `bucket-upload@0.1.0` and in `bucket-upload-0.1.0/`. */
export const VERSION = /(?<=bucket-upload[@-])\d+\.\d+\.\d+(?=\/|`)/g

/** How many times as long @uppy/aws-s3 took, in the table of a scenario. */
function timesOf(performance: string, scenario: string): string {
  const [, table = ''] = performance.split(`<!-- ${scenario} -->`)
  const times = rowOf(table, '@uppy/aws-s3, defaults')[3] ?? ''
  return Number.parseFloat(times).toFixed(1)
}

/** The cells of the first row of that name. */
function rowOf(text: string, name: string): string[] {
  const row = text.split('\n').find((line) => line.startsWith(`| ${name} |`))
  if (row === undefined) throw new Error(`No table has a row ${name}.`)
  return row
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())
}
