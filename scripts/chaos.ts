/**
 * `npm run chaos -- --seed 1 --files 300`: uploads files from Chromium to a Ceph gateway while
 * connections break, servers fail, the line is cut and the page is reloaded; then compares each file
 * in the bucket with the one on the disk. Exit code 1 if a single one is not there exactly once.
 *
 * `--kill 50` kills the browser fifty times instead, at random moments, and starts it again with the same
 * profile; then there are no other faults, and it adds files for as long as it kills.
 *
 * `--seeds 10` runs ten seeds, one after the other; `--verbose` tells of each fault. `--built FOLDER` tries a library that is built
 * already instead of the sources. The others are the options of `runChaos`.
 */
import { parseArgs } from 'node:util'
import { type ChaosReport, runChaos } from '../test/support/chaos/chaos.ts'
import { type KillReport, runKills } from '../test/support/chaos/kills.ts'
import { FAULTS, type Fault } from '../test/support/faults/faults.ts'
import { guarded } from '../test/support/servers/guarded.ts'
import { buildLibrary } from './lib/build-library.ts'
import { CEPH, CHROMIUM, ensureSystem } from './lib/system.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    kill: { type: 'string', default: '0' },
    files: { type: 'string', default: '300' },
    'max-size': { type: 'string', default: '200e6' },
    'fault-rate': { type: 'string', default: '0.1' },
    faults: { type: 'string', default: FAULTS.join(',') },
    offlines: { type: 'string', default: '2' },
    reloads: { type: 'string', default: '2' },
    /** Minutes. */
    limit: { type: 'string', default: '15' },
    engine: { type: 'string', default: '{}' },
    built: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
})

function listed(counts: Record<string, number>): string {
  const all = Object.entries(counts).sort(([one], [other]) => one.localeCompare(other))
  return all.map(([fault, count]) => `${fault} ${count}`).join(', ') || 'none'
}

function print(report: ChaosReport | KillReport): void {
  const { seed, files, bytes, seconds, problems } = report
  console.log(
    `seed ${seed}: ${files} files, ${(bytes / 1e6).toFixed(1)} MB, ${seconds.toFixed(1)} s`,
  )
  if ('kills' in report) printKills(report)
  else printFaults(report)
  for (const problem of problems) console.log(`  ✗ ${problem}`)
  console.log(problems.length === 0 ? '  ok' : `  ${problems.length} problems`)
}

function printKills({ kills, requests, listed }: KillReport): void {
  console.log(`  ${kills} kills, ${requests} requests, ${listed} uploads listed as interrupted`)
}

function printFaults({ bucket, signer, disruptions }: ChaosReport): void {
  console.log(`  bucket: ${bucket.requests} requests, faults: ${listed(bucket.faults)}`)
  console.log(`  signer: ${signer.requests} requests, faults: ${listed(signer.faults)}`)
  console.log(`  page: ${disruptions.join(', ') || 'left alone'}`)
}

/** Of files, faults and disruptions. */
function mix() {
  return {
    files: Number(values.files),
    maxSize: Number(values['max-size']),
    faultRate: Number(values['fault-rate']),
    faults: values.faults.split(',') as Fault[],
    offlines: Number(values.offlines),
    reloads: Number(values.reloads),
  }
}

ensureSystem([CHROMIUM, CEPH])
const scratch = guarded('chaos-')
let failures = 0
try {
  const library = values.built ?? (await buildLibrary(scratch.folder))
  const first = Number(values.seed)
  for (let seed = first; seed < first + Number(values.seeds); seed++) {
    const options = {
      seed,
      limit: Number(values.limit) * 60_000,
      engine: JSON.parse(values.engine),
      library,
      ...(values.verbose ? { log: (line: string) => console.log(`seed ${seed}: ${line}`) } : {}),
    }
    const kills = Number(values.kill)
    const report =
      kills > 0 ? await runKills({ ...options, kills }) : await runChaos({ ...options, ...mix() })
    print(report)
    if (report.problems.length > 0) failures++
  }
} finally {
  await scratch.stop()
}
console.log(failures === 0 ? 'ok' : `failed: ${failures} of ${values.seeds} seeds`)
process.exit(failures === 0 ? 0 : 1)
