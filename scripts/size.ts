/**
 * `npm run size`: how much a page loads, minified and gzipped, for the file for a CDN and for each
 * entry of the package with its dependencies. Fails where one is over its budget. With `--write` the
 * table of docs/sizes.md is renewed.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { entrySizes, OVER_CDN, type Size } from './lib/sizes.ts'

const PAGE = fileURLToPath(new URL('../docs/sizes.md', import.meta.url))
const [BEGIN, END] = ['<!-- sizes -->', '<!-- /sizes -->']

const sizes = await entrySizes()
console.log(tableOf(sizes))
if (process.argv.includes('--write')) {
  const text = readFileSync(PAGE, 'utf8')
  const [before = '', rest = ''] = text.split(BEGIN)
  const [, after = ''] = rest.split(END)
  writeFileSync(PAGE, `${before}${BEGIN}\n${tableOf(sizes)}\n${END}${after}`)
}
const over = sizes.filter(({ bytes, budget }) => bytes > budget)
for (const { name, bytes, budget } of over) {
  console.error(`${name} has ${kilobytes(bytes)}; its budget is ${kilobytes(budget)}.`)
}
process.exitCode = over.length > 0 ? 1 : 0

function tableOf(list: Size[]): string {
  const rows = list.map(
    ({ name, bytes, budget, when }) =>
      `| \`${name}\` | ${kilobytes(bytes)} | ${kilobytes(budget)} | ${when} |`,
  )
  return [`| ${OVER_CDN} | gzipped | budget | loaded |`, '|---|---:|---:|---|', ...rows].join('\n')
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`
}
