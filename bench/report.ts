/** Writes what was measured: as text to the terminal, and as Markdown into docs/performance.md. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Result, Scenario } from './scenario.ts'

/** Under which conditions it was measured. */
export interface Conditions {
  /** Name and version. */
  browser: string
  runs: number
}

const FILE = fileURLToPath(new URL('../docs/performance.md', import.meta.url))

const TITLE = '# Performance\n'

const CONDITIONS = `Written by \`npm run bench\`; do not edit. Each table is one run in one browser: its contestants take turns, so that the ratios hold even where the seconds are those of another machine. The bucket is a Ceph RADOS gateway on the same machine with its data in memory. The WAN is a proxy that delays each direction by 50 ms and lets 10 MB/s through on each connection, once that has been open for a round trip; it has no slow start and loses nothing.

\`npm run bench -- wan\` measures one scenario and leaves the other tables alone; \`--runs 3\` repeats, and reports the median. \`--slow 3\` slows the main thread of the pages three times (\`Emulation.setCPUThrottlingRate\`) and, as Chromium does not throttle workers, what our workers hash; servers and disk stay as fast as they are. \`--before FOLDER\` lets an older build run beside, from its \`dist/cdn\`. Both only print.
`

/** The table as text, in columns. */
export function toText({ head, rows, goals }: Result): string {
  const widths = head.map((_, at) =>
    Math.max(...[head, ...rows].map((row) => row[at]?.length ?? 0)),
  )
  const lines = [head, ...rows].map((row) =>
    row.map((cell, at) =>
      at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0),
    ),
  )
  const said = goals.map(({ text, met }) => `${met ? '✓' : '✗'} ${text}`)
  return [...lines.map((line) => line.join('  ')), ...said].join('\n')
}

/**
 * Replaces the scenario's section, or adds one.
 *
 * @param order names of all scenarios
 */
export function record(
  scenario: Scenario,
  result: Result,
  conditions: Conditions,
  order: string[],
): void {
  const known = existsSync(FILE) ? sectionsOf(readFileSync(FILE, 'utf8')) : new Map()
  known.set(scenario.name, toMarkdown(scenario, result, conditions))
  writeFileSync(FILE, toDocument(known, order))
}

/** What was measured in short, how, and then the sections. */
function toDocument(known: Map<string, string>, order: string[]): string {
  const names = order.filter((name) => known.has(name))
  const texts = names.map((name) => known.get(name) ?? '')
  const inShort = texts.flatMap((text) => /^\*\*(.+)\*\*$/m.exec(text)?.[1] ?? [])
  const lines = inShort.map((line) => `- ${line}\n`).join('')
  const sections = names.map((name, at) => `<!-- ${name} -->\n${texts[at]}`)
  return [TITLE, ...(lines === '' ? [] : [lines]), CONDITIONS, ...sections].join('\n')
}

function sectionsOf(text: string): Map<string, string> {
  const [, ...parts] = text.split(/^<!-- ([\w-]+) -->\n/m)
  const sections = new Map<string, string>()
  for (let at = 0; at + 1 < parts.length; at += 2) {
    sections.set(parts[at] ?? '', `${parts[at + 1]?.trimEnd()}\n`)
  }
  return sections
}

function toMarkdown(
  { name, title, about }: Scenario,
  result: Result,
  conditions: Conditions,
): string {
  const { head, rows, goals, inShort } = result
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`
  const date = new Date().toISOString().slice(0, 10)
  const { browser, runs } = conditions
  return [
    `## ${title}\n`,
    ...(inShort ? [`**${inShort}**\n`] : []),
    `${about}\n`,
    line(head),
    line(head.map((_, at) => (at === 0 ? '---' : '---:'))),
    ...rows.map(line),
    '',
    ...goals.map(({ text, met }) => `- ${met ? 'met' : '**missed**'}: ${text}`),
    '',
    `${date}, ${browser}, ${availableParallelism()} cores: \`npm run bench -- ${name} --runs ${runs}\`\n`,
  ].join('\n')
}
