/**
 * `npm run bench`: measures the library against what else there is, prints tables, and writes them
 * to docs/performance.md. `npm run bench -- wan small --runs 3` selects scenarios and repeats them.
 *
 * `--built FOLDER` measures a library that is built already instead of the sources, and
 * `--before FOLDER` lets an older one run beside it. `--slow 3` slows the pages, and their
 * hashing in workers, three times; signers and buckets stay as fast as they are.
 * With these, and with `--dry`, no file is written.
 */
import { parseArgs } from 'node:util'
import { buildLibrary } from '../scripts/lib/build-library.ts'
import { CEPH, CHROMIUM, ensureSystem, POSIX, PYTHON } from '../scripts/lib/system.ts'
import { cephGateway } from '../test/support/servers/gateways.ts'
import { guarded } from '../test/support/servers/guarded.ts'
import { buildPage } from './build-page.ts'
import { record, toText } from './report.ts'
import type { Scenario } from './scenario.ts'
import { farSigner } from './scenarios/far-signer.ts'
import { fresh } from './scenarios/fresh.ts'
import { hundred } from './scenarios/hundred.ts'
import { list } from './scenarios/list.ts'
import { loopback } from './scenarios/loopback.ts'
import { loss } from './scenarios/loss.ts'
import { many } from './scenarios/many.ts'
import { memory } from './scenarios/memory.ts'
import { signing } from './scenarios/signing.ts'
import { small } from './scenarios/small.ts'
import { wan } from './scenarios/wan.ts'
import { wanH2 } from './scenarios/wan-h2.ts'
import { Stage } from './stage.ts'

/** In the order of the document. */
const SCENARIOS = [
  wan,
  fresh,
  farSigner,
  wanH2,
  loss,
  hundred,
  small,
  many,
  loopback,
  memory,
  list,
  signing,
]

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '1' },
    built: { type: 'string' },
    before: { type: 'string' },
    slow: { type: 'string', default: '1' },
    dry: { type: 'boolean', default: false },
  },
})

/** Only what stands for the sources as they are goes into the document. */
const isKept =
  !values.dry && values.built === undefined && values.before === undefined && values.slow === '1'

function selected(): Scenario[] {
  const unknown = positionals.find((name) => SCENARIOS.every((each) => each.name !== name))
  if (unknown !== undefined) {
    const names = SCENARIOS.map(({ name }) => name).join(', ')
    throw new Error(`There is no scenario ${unknown}, only: ${names}`)
  }
  const all = positionals.length === 0
  return SCENARIOS.filter(({ name }) => all || positionals.includes(name))
}

async function measure(scenario: Scenario, stage: Stage): Promise<void> {
  const runs = Number(values.runs)
  console.log(`\n${scenario.title}`)
  const result = await scenario.measure(stage, runs)
  console.log(toText(result))
  const browser = await stage.browserVersion()
  const order = SCENARIOS.map(({ name }) => name)
  if (isKept) record(scenario, result, { browser, runs }, order)
}

const scenarios = selected()
ensureSystem([CHROMIUM, CEPH, PYTHON, POSIX])
// Whatever ends the bench takes the large files with it.
const scratch = guarded('bench-')
const { folder } = scratch
const stage = new Stage(await cephGateway(), folder, Number(values.slow))
let failed = false
try {
  await stage.open({
    library: values.built ?? (await buildLibrary(folder)),
    page: await buildPage(folder),
    before: values.before,
  })
  for (const scenario of scenarios) {
    await measure(scenario, stage).catch((error) => {
      failed = true
      console.error(`${scenario.name}: ${error instanceof Error ? error.message : error}`)
    })
  }
} finally {
  await stage.close()
  await scratch.stop()
}
process.exit(failed ? 1 : 0)
