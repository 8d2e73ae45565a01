/**
 * `npm run lighthouse`: what Lighthouse says of the home page, a guide and the playground, as a phone
 * and as a desktop, in the median of some runs. npx brings Lighthouse. Other programs on the machine
 * cost points: it wants a quiet one.
 *
 * `-- /install /theming` takes other pages; `--site <folder>` a site that was built; `--runs 5`;
 * `--preset mobile` or `desktop`; `--reports <folder>` keeps the reports.
 */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { chromiumFlags } from '../test/support/browsers/browser.ts'
import { staticHost } from '../test/support/pages/built-site.ts'
import { serve } from '../test/support/pages/site.ts'
import { runNode } from '../test/support/run.ts'
import { findChromium } from './lib/chromium.ts'

const LIGHTHOUSE = 'lighthouse@12.2.3'
const PAGES = ['/', '/authentication', '/playground']

/** What each page has to have, of 100. */
const LEAST = { accessibility: 100, 'best-practices': 100, performance: 95 } as const

type Category = keyof typeof LEAST
const CATEGORIES = Object.keys(LEAST) as Category[]

/** Shown, to tell what costs points. */
const METRICS = {
  FCP: 'first-contentful-paint',
  LCP: 'largest-contentful-paint',
  TBT: 'total-blocking-time',
  CLS: 'cumulative-layout-shift',
  SI: 'speed-index',
}

/** The part of a report that is read. */
interface Report {
  categories: Record<Category, { score: number; auditRefs: { id: string; weight: number }[] }>
  audits: Record<string, { score: number | null; numericValue: number; title: string }>
  environment: { benchmarkIndex: number }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    site: { type: 'string' },
    runs: { type: 'string', default: '3' },
    preset: { type: 'string', multiple: true, default: ['mobile', 'desktop'] },
    reports: { type: 'string' },
  },
})
const folder = mkdtempSync(join(tmpdir(), 'lighthouse-'))
const root = values.site ?? join(folder, 'site')
if (values.site === undefined) await runNode(['scripts/site.ts', 'build', root])
const reports = values.reports ?? folder
mkdirSync(reports, { recursive: true })
const site = await serve(staticHost(root))
const program = promisify(execFile)
let isEnough = true
try {
  for (const preset of values.preset) {
    for (const path of positionals.length > 0 ? positionals : PAGES) {
      const all: Report[] = []
      for (let run = 0; run < Number(values.runs); run++) all.push(await report(path, preset, run))
      show(`${path}, ${preset}`, all)
    }
  }
} finally {
  site.stop()
  rmSync(folder, { recursive: true, force: true })
}
console.log(`Load of the machine: ${loadavg().map((it) => it.toFixed(1))}`)
process.exitCode = isEnough ? 0 : 1

async function report(path: string, preset: string, run: number): Promise<Report> {
  const file = join(
    reports,
    `${path.slice(1).replaceAll('/', '_') || 'index'}-${preset}-${run}.json`,
  )
  // Lighthouse and browsers alike count a server on this machine as safe by the name localhost.
  const address = `${site.origin.replace('127.0.0.1', 'localhost')}${path}`
  await program(
    'npx',
    [
      ...['--yes', LIGHTHOUSE, address, '--quiet', '--output=json', `--output-path=${file}`],
      ...(preset === 'desktop' ? ['--preset=desktop'] : []),
      ...['--throttling-method=simulate', `--only-categories=${CATEGORIES.join()}`],
      `--chrome-flags=--headless=new ${chromiumFlags.join(' ')}`,
    ],
    { env: { ...process.env, CHROME_PATH: findChromium() }, maxBuffer: 2 ** 24 },
  )
  return JSON.parse(readFileSync(file, 'utf8'))
}

/** The median of the runs, and what cost points in one of them where points have to be complete. */
function show(title: string, all: Report[]): void {
  const scores = CATEGORIES.map((name) => {
    const score = Math.round(100 * median(all.map(({ categories }) => categories[name].score)))
    if (score < LEAST[name]) isEnough = false
    return `${name} ${score}`
  })
  const metrics = Object.entries(METRICS).map(
    ([name, id]) =>
      `${name} ${shown(median(all.map(({ audits }) => audits[id]?.numericValue ?? 0)))}`,
  )
  const speed = Math.round(median(all.map(({ environment }) => environment.benchmarkIndex)))
  console.log(
    `${title}: ${scores.join(', ')} (${metrics.join(', ')}; speed of the machine ${speed})`,
  )
  const [first] = all
  for (const name of CATEGORIES.filter((it) => LEAST[it] === 100)) {
    for (const { id, weight } of first?.categories[name].auditRefs ?? []) {
      const { score = null, title = id } = first?.audits[id] ?? {}
      if (weight > 0 && score !== null && score < 1) console.log(`  ${name}: ${title}`)
    }
  }
}

function median(numbers: number[]): number {
  return numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0
}

function shown(it: number): string {
  return it < 10 ? it.toFixed(2) : `${Math.round(it)} ms`
}
